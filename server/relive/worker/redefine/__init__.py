"""The redefinition engine: read source, diff against the image, plan, apply, receipt."""
