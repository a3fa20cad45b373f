"""What the server offers, a module for each; every one exports `register(daemon)`."""
