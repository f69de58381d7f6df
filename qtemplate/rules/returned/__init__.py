"""What forms that came back say, worked into register and logs. Pure; knows no files."""
