"""What stands before and after the steps: conflict copies, changed tables, rows that are gone, the nightly result."""
