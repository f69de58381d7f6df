"""Columns and sheets taken out of a workbook, while everything else in it stays as it is.

Knows the package and one sheet as it streams by; not who added what goes.
"""
