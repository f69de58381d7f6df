"""Raw reading: sheets, tables and formats of a workbook, and what a fast reader hides."""
