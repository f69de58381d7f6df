"""What people read in the standard workbook: its guide, the help of its sheets, hints at its cells. Data only."""
