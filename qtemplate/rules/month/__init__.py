"""The month: the register as columns for figures, and what of it needs somebody."""
