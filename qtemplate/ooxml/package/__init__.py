"""The package of a workbook: zip members, parts, relationships, and the replacing of the file."""
