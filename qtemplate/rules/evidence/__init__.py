"""Whether an investigation carries what it concludes: its causes, options and actions looked through, and its score."""
