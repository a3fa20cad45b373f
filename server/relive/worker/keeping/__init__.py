"""Values of forms that are marked: stored, and taken in place of running the form again."""
