"""What becomes of what came in: a new row, an entry of its case, or something for a person. Pure."""
