"""The commands about the tables that people own: why a row is as it is, what the tables say, what a change makes."""
