"""The rules: what a register asks for at a moment. Pure: no file, socket, clock or database in reach.

`steps` is the process in order, `make_plan` runs it. `clocks` knows deadlines, `around` what stands before and after
the steps. The modules of this folder are what these share: the situation and its cases, facts of the rows, the way a
step fills a cell, and what mails and forms may say.
"""

from .process import make_plan

__all__ = ["make_plan"]
