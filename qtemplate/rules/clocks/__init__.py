"""Working time and the clocks of every row."""
