"""The functions that a questionnaire may call, with the fewest and the most arguments."""

_MANY = 99

ARITY: dict[str, tuple[int, int]] = {
    # logic
    "true": (0, 0),
    "false": (0, 0),
    "not": (1, 1),
    "boolean": (1, 1),
    "boolean-from-string": (1, 1),
    "if": (3, 3),
    "coalesce": (2, 2),
    "once": (1, 1),
    # numbers
    "number": (0, 1),
    "int": (1, 1),
    "round": (1, 2),
    "floor": (1, 1),
    "ceiling": (1, 1),
    "abs": (1, 1),
    "pow": (2, 2),
    "sqrt": (1, 1),
    "exp": (1, 1),
    "exp10": (1, 1),
    "log": (1, 1),
    "log10": (1, 1),
    "sin": (1, 1),
    "cos": (1, 1),
    "tan": (1, 1),
    "asin": (1, 1),
    "acos": (1, 1),
    "atan": (1, 1),
    "atan2": (2, 2),
    "pi": (0, 0),
    "sum": (1, _MANY),
    "min": (1, _MANY),
    "max": (1, _MANY),
    # texts
    "string": (0, 1),
    "concat": (1, _MANY),
    "join": (2, _MANY),
    "string-length": (0, 1),
    "substr": (2, 3),
    "substring": (2, 3),
    "substring-before": (2, 2),
    "substring-after": (2, 2),
    "contains": (2, 2),
    "starts-with": (2, 2),
    "ends-with": (2, 2),
    "translate": (3, 3),
    "normalize-space": (0, 1),
    "upper-case": (1, 1),
    "lower-case": (1, 1),
    "regex": (2, 2),
    # choices
    "selected": (2, 2),
    "selected-at": (2, 2),
    "count-selected": (1, 1),
    "jr:choice-name": (2, 2),
    # repeats and lists
    "count": (1, 1),
    "count-non-empty": (1, 1),
    "position": (0, 1),
    "last": (0, 0),
    "indexed-repeat": (3, 7),
    "instance": (1, 1),
    "current": (0, 0),
    "pulldata": (4, 4),
    # dates
    "today": (0, 0),
    "now": (0, 0),
    "date": (1, 1),
    "date-time": (1, 1),
    "decimal-date-time": (1, 1),
    "decimal-time": (1, 1),
    "format-date": (2, 2),
    "format-date-time": (2, 2),
    # places
    "distance": (1, _MANY),
    # of the phone alone: the server keeps what the phone says
    "uuid": (0, 1),
    "random": (0, 0),
}

#: What calls one of these is computed on the phone and kept: the server cannot repeat it.
VOLATILE = frozenset({"now", "once", "random", "uuid"})
