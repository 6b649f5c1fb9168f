"""What a scanner for malware said of a file that somebody outside sent in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

# Folders of what comes from outside; what is in the others is written by us.
FROM_OUTSIDE = ("visits/", "cash/", "disputes/", "reports/", "papers/", "inbound/", "in/", "forms/")
MOST_THREATS = 10
MOST_NAME = 120


class ScanState(StrEnum):
    """
    OFF: nobody scans here. WAITING: no result has come. UNKNOWN: the scanner could not tell (a
    password, too large, no right to read it).
    """

    OFF = "off"
    WAITING = "waiting"
    CLEAN = "clean"
    INFECTED = "infected"
    UNKNOWN = "unknown"


# What a browser may draw: the rest it only takes away.
DRAWN = frozenset({ScanState.OFF, ScanState.CLEAN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """
    A result.

    Args:
        key: The object's.
        threats: What it is called, at most ``MOST_THREATS``; none unless INFECTED.
    """

    key: str
    state: ScanState
    at: datetime
    threats: tuple[str, ...] = ()


class Wanted(NamedTuple):
    """A file that a person is to get; ``inline``: a picture or PDF that a page may show."""

    key: str
    filename: str
    inline: bool = False


class Given(NamedTuple):
    """What the person gets: an address for some minutes, none of what is INFECTED."""

    url: str | None
    scan: ScanState


def case_of(key: str) -> str | None:
    """
    Name the case that a file was sent to, where its key says it.

    >>> case_of("disputes/cas_1/dis_2/ab12.pdf")
    'cas_1'
    >>> case_of("in/prt_1/upl_2/debts.csv") is None
    True
    """
    folder, _, rest = key.partition("/")
    if f"{folder}/" not in ("visits/", "disputes/", "reports/", "papers/"):
        return None
    return rest.partition("/")[0] or None


def from_outside(key: str) -> bool:
    return key.startswith(FROM_OUTSIDE)
