"""Whose the workbook is: who may write it, which cells stay people's, taking a register over."""
