"""Where what the program writes goes: log rows, its own sheets, and what a workbook does not let be written."""
