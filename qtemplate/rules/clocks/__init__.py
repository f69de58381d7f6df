"""The clocks of every row: what starts and stops them, when they are due, and why."""
