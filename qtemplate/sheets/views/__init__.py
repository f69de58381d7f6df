"""The sheets that show each role its work: what is written on them, and what people typed there all the same."""
