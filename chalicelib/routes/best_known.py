"""What the best plan known costs, from the files that lie beside an instance."""

import json
import re
from pathlib import Path

from chalicelib.routes.instances import Instance
from chalicelib.routes.problem import Route, judge

_COST = re.compile(r"^\s*Cost\s*:?\s*([\d.]+)", re.MULTILINE | re.IGNORECASE)


def best_known(instance: Instance, file: Path) -> float | None:
    """
    Find the best cost known: the instance's own word, a ``.sol``, a ``.opt.tour``, or a
    ``BEST_KNOWN.json`` beside the file or a folder above.
    """
    solution, tour = file.with_suffix(".sol"), file.with_suffix(".opt.tour")
    if solution.is_file() and (told := _COST.search(solution.read_text(encoding="utf-8"))):
        return float(told[1])
    if tour.is_file() and (length := _length(instance, tour.read_text(encoding="utf-8"))):
        return length
    for folder in file.resolve().parents[:2]:
        index = folder / "BEST_KNOWN.json"
        if index.is_file():
            entry = json.loads(index.read_text(encoding="utf-8")).get(file.stem, {})
            for key in ("best_known", "optimum"):
                if key in entry:
                    return float(entry[key])
    return instance.reference


def _length(instance: Instance, text: str) -> float | None:
    tour = [int(word) for word in text.partition("TOUR_SECTION")[2].split() if word.isdigit()]
    if sorted([*instance.names, 1]) != sorted(tour):
        return None
    start = tour.index(1)
    order = [instance.names.index(name) for name in tour[start + 1 :] + tour[:start]]
    verdict = judge(instance.problem, [Route(crew=0, calls=tuple(order))])
    return verdict.distance / instance.scale
