"""Looking at values that were shown: their whole text, their parts, the forms they offer."""
