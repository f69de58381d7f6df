"""The only room that knows workbooks: reading, patching, writing, watching .xlsx files."""
