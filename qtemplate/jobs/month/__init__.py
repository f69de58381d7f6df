"""`report`: the month in figures."""
