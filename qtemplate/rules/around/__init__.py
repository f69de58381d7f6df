"""What stands before and after the steps, and what several of them and the commands ask."""
