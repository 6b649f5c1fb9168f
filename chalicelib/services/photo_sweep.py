"""
Photos of visits that nobody heard of: looked for by the clock, and told when they stay away.

A bucket tells of what arrives, as a rule; when it does not, the photo is there and the visit would
wait for ever. And a phone that was lost or broken sends no more: a person has to know.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.domain.case import CaseFile
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import CaseNotFound, VisitNotFound
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.visit import Visit
from chalicelib.services import casework, visit_photos
from chalicelib.services.access import Portfolios
from chalicelib.services.casework import Cases
from chalicelib.services.upload_ports import Queue

SHARDS = 8
# A phone in the street sends its photos within minutes, and the bucket tells within seconds.
FIRST_LOOK = timedelta(minutes=15)
# Who sends photos by a network at home does so the same night.
LATE = timedelta(hours=24)
RESERVE_S = 15.0


class Waiting(Protocol):
    @property
    def items(self) -> Sequence[tuple[str, str]]: ...

    @property
    def cursor(self) -> str | None: ...


class PhotoCases(Cases, Protocol):
    def visit(self, case_id: str, visit_id: str) -> Visit | None: ...

    def visits_without_photos(
        self, shard: int, until: datetime, *, cursor: str | None = ..., limit: int = ...
    ) -> Waiting: ...


class Photos(visit_photos.Files, Protocol):
    def size(self, key: str) -> int | None: ...


def start(work: Queue) -> None:
    """Have all visits looked at whose photos are wanted. Safe to repeat at any time."""
    work.send(
        {"step": "photos", "portfolio_id": "", "shard": shard, "cursor": None}
        for shard in range(SHARDS)
    )


def look(
    shard: int,
    *,
    cursor: str | None,
    cases: PhotoCases,
    portfolios: Portfolios,
    files: Photos,
    work: Queue,
    now: datetime,
    time_left_s: Callable[[], float],
) -> dict[str, int]:
    """
    Take in what is in the bucket of a shard's visits; put before a person what is not, in time.

    What time does not allow is left to a message that goes on from there. Safe to repeat.

    Returns:
        How many photos were ``found``, how many visits are ``late``.
    """
    found = late = 0
    while True:
        page = cases.visits_without_photos(shard, now - FIRST_LOOK, cursor=cursor, limit=50)
        for case_id, visit_id in page.items:
            found += sum(
                visit_photos.arrived(key, cases=cases, portfolios=portfolios, files=files, now=now)
                for key in _there(case_id, visit_id, cases, files)
            )
            late += _tell(case_id, visit_id, cases, portfolios, now)
        cursor = page.cursor
        if cursor is None:
            break
        if time_left_s() < RESERVE_S:
            work.send([{"step": "photos", "portfolio_id": "", "shard": shard, "cursor": cursor}])
            break
    return {"found": found, "late": late}


# Private


def _there(case_id: str, visit_id: str, cases: PhotoCases, files: Photos) -> list[str]:
    """Name the photos of a visit that are wanted, and in the bucket."""
    visit = cases.visit(case_id, visit_id)
    keys = [visit_photos.key_of(case_id, visit_id, one) for one in visit.wanted] if visit else []
    return [key for key in keys if files.size(key) is not None]


def _tell(
    case_id: str, visit_id: str, cases: PhotoCases, portfolios: Portfolios, now: datetime
) -> bool:
    def do(draft: Draft, file: CaseFile, _: Portfolio) -> None:
        visit = next((one for one in file.visits if one.visit_id == visit_id), None)
        if visit is not None and visit.received_at <= now - LATE:
            draft.photos_late(visit_id)

    visit = cases.visit(case_id, visit_id)
    if visit is None or not visit.looked_for or visit.received_at > now - LATE:
        return False
    try:
        return casework.change_by_machine(case_id, do, cases=cases, portfolios=portfolios, now=now)
    except (CaseNotFound, VisitNotFound):
        return False
