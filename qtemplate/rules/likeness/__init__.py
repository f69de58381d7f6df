"""Likeness: texts that say the same, and feedback that was entered twice. Pure."""
