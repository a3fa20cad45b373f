"""Planning functions: new code for the live ones, wherever they are held."""
