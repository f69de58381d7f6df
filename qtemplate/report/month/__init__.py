"""The month in figures as an object for scripts, as lines for a terminal, and as a page."""
