"""What is decided about one column: its kind, how it is read, what is asked and what is wrong."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Verdict:
    """
    How a column is read.

    Args:
        kind: ``money``, ``date``, ``phone``, ``email``, ``tax_id``, ``id``, ``text``,
            ``number``, ``coordinate`` or ``empty``.
        reading: JSON-safe; what ``values`` compiles converters from. Its keys:
            ``decimal``, ``thousands``, ``zeros_dropped`` of numbers; ``form`` (``text``,
            ``serial``, ``compact``) and ``order`` of dates; ``form`` (``text``,
            ``whole_float``, ``scientific``) and ``pad`` of ids; ``because`` of all.
        questions: Those only a person can answer; the reading holds the likeliest answer.
    """

    kind: str
    reading: dict[str, Any] = field(default_factory=dict)
    questions: list[dict[str, Any]] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
