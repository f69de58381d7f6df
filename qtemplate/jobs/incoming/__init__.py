"""What came in: looked for, stored before anything is decided, and worked into the register."""
