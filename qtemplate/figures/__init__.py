"""What the register teaches: the figures of a month and control charts, from columns of rows.

Pure, and on numpy alone: it is handed the rows with their due and stop moments and working spans (`rows.Rows`), and
computes no deadline. It must not know registers, workbooks, reports, or what a sentence about a figure says.

Where a figure is of a period, it is about the rows received in it without merged ones, at a moment `now`, unless its
function says otherwise; what happened after `now` has not happened.
"""

from .charts import ControlChart, control_chart

__all__ = ["ControlChart", "control_chart"]
