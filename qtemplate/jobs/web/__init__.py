"""The pages for people who have no workbook: served, their secret, what `doctor` says of them."""
