"""A team's own workbook: looked at, adopted, given back."""
