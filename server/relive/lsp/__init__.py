"""The language server: LSP in, sessions behind. The only package that knows pygls and LSP types."""
