"""统计 / Figures: the months by product as values, and tables of 24 rows over them that its charts show.

The tables are formulas over the values, so that another month or product can be chosen without a run; a run writes
their results along with them, for programs that do not calculate. It knows the layout and figures, not how the standard
workbook looks.
"""
