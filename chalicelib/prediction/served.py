"""
Models that were put into service as data (``./recobro predict serve``), by their names.

Whoever runs a process says where they are read; each is read once in a while, so that another
one is told by everybody within minutes and costs nothing a case.
"""

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

KEPT_S = 300

Source = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedModel:
    """
    ``FORECASTS`` / ``MODEL#<name>``: what was put into service under a name.

    Args:
        body: As ``prediction.artefact`` writes it, without histories; empty = taken back.
    """

    name: str
    body: str
    model_id: str
    served_at: datetime
    version: int = 1


def nothing(_: str) -> str:
    """What a process says that serves no models."""
    return ""


_sources: list[Source] = [nothing]


def read_by(source: Source) -> None:
    """Say where models are read: by a name, as text, empty where none is in service."""
    _sources[0] = source
    forget()


def text(name: str) -> str:
    """Give what is in service under a name; empty where nothing is."""
    return _text(name, int(time.monotonic() // KEPT_S))


def forget() -> None:
    """Read anew when next asked."""
    _text.cache_clear()


@functools.lru_cache(maxsize=8)
def _text(name: str, _: int) -> str:
    return _sources[0](name)
