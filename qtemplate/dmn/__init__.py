"""Decision tables to the DMN standard and their language: pure, and knowing nothing of feedback. See README.md.

What most users of the room need stands here; `explain_table` is imported by those who explain, `bind_table` by those
who have fields.
"""

from .decision_table import Decision, DecisionTable
from .lenient import read_literal, read_tests
from .model import Aggregation, HitPolicy, InputColumn, OutputColumn, Rule, Table
from .table_checks import check_table
from .table_problems import Problem, Severity, TableProblem
from .unary_tests import CellSyntaxError, Literal, parse_literal, parse_unary_tests, strict_text

__all__ = [
    "Aggregation",
    "CellSyntaxError",
    "Decision",
    "DecisionTable",
    "HitPolicy",
    "InputColumn",
    "Literal",
    "OutputColumn",
    "Problem",
    "Rule",
    "Severity",
    "Table",
    "TableProblem",
    "check_table",
    "parse_literal",
    "parse_unary_tests",
    "read_literal",
    "read_tests",
    "strict_text",
]
