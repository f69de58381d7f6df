"""The ways a finished mail leaves."""
