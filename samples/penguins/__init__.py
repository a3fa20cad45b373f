"""From the measurements of 344 penguins to a page about them: load, clean, features, report."""
