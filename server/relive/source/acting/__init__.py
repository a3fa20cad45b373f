"""Whether code may act outside of the process, told by what is known of its values."""
