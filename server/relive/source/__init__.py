"""Pure functions on Python text: positions, forms, definitions and what a form depends on."""
