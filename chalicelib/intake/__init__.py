"""
Reading what a creditor sends: files, columns, values. Knows formats, knows no database.

``inspect`` reads a file once and says what it found, ``default_mapping`` takes its guesses,
``open_questions`` and ``mapping_problems`` say what is left to decide, ``open_rows`` walks the
data rows, ``RowReader`` makes each a typed row or a rejected one.
"""

from chalicelib.intake.fields import fields_for
from chalicelib.intake.formats import Hints
from chalicelib.intake.inspection import default_mapping, inspect, open_rows
from chalicelib.intake.mapping import mapping_problems, open_questions
from chalicelib.intake.reader import RowReader

__all__ = [
    "Hints",
    "RowReader",
    "default_mapping",
    "fields_for",
    "inspect",
    "mapping_problems",
    "open_questions",
    "open_rows",
]
