"""Pure rules: tables, validation, grading, assignment, clocks. No file, socket, clock or database is reachable from here."""
