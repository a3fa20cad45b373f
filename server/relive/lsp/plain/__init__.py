"""What Relive is to a client that knows LSP alone: values at their lines, actions, receipts."""
