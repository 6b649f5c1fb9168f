"""
How a bench says what it measured: ``bench/<name>.py`` prints one JSON document.

A target is a ratio against a floor measured in the same run, since machines differ
(``../shared`` is not needed to run one). ``make bench`` runs them all, keeps the
documents in ``bench/results/`` and prints one table.
"""

import json
import os
import platform
import sys
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """
    Args:
        value: What was measured, in *unit*.
        floor: The same measure of the least that could do the work; None when the
            target is absolute.
        target: What value (without a floor) or value/floor (with one) must not pass.
        at_least: Whether the target is a minimum instead of a maximum.
    """

    metric: str
    value: float
    unit: str
    floor: float | None = None
    floor_is: str = ""
    target: float | None = None
    at_least: bool = False

    @property
    def ratio(self) -> float | None:
        return None if not self.floor else self.value / self.floor

    @property
    def met(self) -> bool | None:
        if self.target is None:
            return None
        measured = self.value if self.ratio is None else self.ratio
        return measured >= self.target if self.at_least else measured <= self.target


@dataclass(slots=True)
class Report:
    bench: str
    figures: list[Figure] = field(default_factory=list)

    def add(self, figure: Figure) -> None:
        self.figures.append(figure)

    def document(self) -> dict[str, Any]:
        return {
            "bench": self.bench,
            "python": platform.python_version(),
            "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
            "figures": [
                asdict(figure) | {"ratio": figure.ratio, "met": figure.met}
                for figure in self.figures
            ],
        }

    def print(self) -> None:
        json.dump(self.document(), sys.stdout, indent=1)
        print()
