"""What a workbook in use lacks of the standard one, and how it is added. Knows workbooks; writes nothing."""
