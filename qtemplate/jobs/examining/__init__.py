"""What `doctor` looks at besides the workbook: the state, and the fleet that the workspace belongs to."""
