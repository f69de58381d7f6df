"""What a workbook in use can get: columns at the right end of a table, sheets at its end, values of drop-down lists.

Nothing that stands in the workbook moves; what would have to is refused.
"""
