"""How far an export came, what it did, and the days it is about."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from chalicelib.services.lake_means import Manifest


@dataclass
class Report:
    """What a run did: cases listed and opened, agents told, and the rows of every day it wrote."""

    portfolio_id: str
    listed: int = 0
    opened: int = 0
    agents: int = 0
    manifests: list[Manifest] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.manifests)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """
    How far a run came.

    Args:
        whole: Whether it opens every case; None before that is decided.
        cursor: Of the list of cases, up to where they are told.
        told: Whether all of them are.
        agent: The last one who is told; agents, how many; agents_told, whether all of them are.
        foretold: The last part of the forecasts that is told; all_foretold, whether all are.
        spools: Folders of the bucket with the lines of workers before.
        published: Days of tables that are written.
    """

    whole: bool | None = None
    cursor: str | None = None
    told: bool = False
    listed: int = 0
    opened: int = 0
    agent: str = ""
    agents: int = 0
    agents_told: bool = False
    foretold: str = ""
    all_foretold: bool = False
    spools: tuple[str, ...] = ()
    published: int = 0
    done: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """Days one after the other, both ends included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]
