"""Finding the point of addresses that came without one."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from chalicelib.domain.case import Address, CaseChange, CaseFile, CaseStatus
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import CaseMoved
from chalicelib.domain.places import Located
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.upload import UploadState
from chalicelib.geo.cells import cell_of
from chalicelib.intake.rows import DebtRow
from chalicelib.services import upload_cases, upload_chunks
from chalicelib.services.access import Portfolios
from chalicelib.services.upload_cases import Context
from chalicelib.services.upload_ports import Files, Pass, Uploads

SOURCE = "geocoder"
# Somebody changed the case meanwhile: read it again, this often.
TRIES = 3


class Geocoder(Protocol):
    def locate(self, address: Address) -> Located | None: ...


class Cases(Protocol):
    def open(self, case_id: str) -> CaseFile: ...

    def commit(self, *changes: CaseChange) -> None: ...


class UploadedCases(upload_cases.Cases, Cases, Protocol):
    """What finding the cases of a chunk's rows asks for besides."""


def locate_chunk(
    portfolio_id: str,
    upload_id: str,
    unit: int,
    *,
    portfolios: Portfolios,
    uploads: Uploads,
    cases: UploadedCases,
    files: Files,
    geocoder: Geocoder,
    now: datetime,
) -> int:
    """
    Locate the addresses that a chunk of an applied upload brought without a point.

    Safe to repeat, and does nothing for an upload that was undone meanwhile.
    """
    upload = uploads.get(portfolio_id, upload_id)
    portfolio = portfolios.get(portfolio_id)
    if upload is None or portfolio is None:
        return 0
    if upload.state not in (UploadState.APPLYING, UploadState.DONE):
        return 0
    context = Context(upload=upload, portfolio=portfolio, cases=cases, step=Pass.APPLY, now=now)
    read = upload_chunks.reader(upload, portfolio)
    chunk = upload_chunks.rows_of(upload, unit, files)
    rows = [read.read(one.number, one.cells) for one in chunk]
    lacking = [
        row for row in rows if isinstance(row, DebtRow) and row.address and row.address.lat is None
    ]
    found = dict.fromkeys(case_id for case_id, _ in upload_cases.cases_of_rows(context, lacking))
    heads = cases.heads(found)
    alive = [case_id for case_id, head in heads.items() if head.status is not CaseStatus.VOID]
    return locate(alive, portfolio=portfolio, cases=cases, geocoder=geocoder, now=now)


def locate(
    case_ids: Iterable[str],
    *,
    portfolio: Portfolio,
    cases: Cases,
    geocoder: Geocoder,
    now: datetime,
) -> int:
    """
    Give a point to every address of these cases that has none and that the geocoder finds.

    Safe to repeat: an address that has a point is not asked for again.

    Returns:
        How many addresses were located.

    Raises:
        CaseNotFound: One of the cases does not exist.
        CaseMoved: A case kept changing while its addresses were looked up.
    """
    return sum(
        _locate_one(case_id, portfolio, cases, geocoder, now) for case_id in dict.fromkeys(case_ids)
    )


def _locate_one(
    case_id: str, portfolio: Portfolio, cases: Cases, geocoder: Geocoder, now: datetime
) -> int:
    answers: dict[str, Located | None] = {}
    for attempt in range(1, TRIES + 1):
        file = cases.open(case_id)
        draft = Draft(file, portfolio, actor="system", now=now)
        located = 0
        for address in file.addresses:
            if address.lat is not None:
                continue
            if address.address_id not in answers:  # each look-up is paid for: once is enough
                answers[address.address_id] = geocoder.locate(_in_country(address, portfolio))
            found = answers[address.address_id]
            if found is not None:
                located += draft.put_address(_with_point(address, found))
        change = draft.change()
        if change is None:
            return 0
        try:
            cases.commit(change)
        except CaseMoved:
            if attempt == TRIES:
                raise
        else:
            return located
    raise AssertionError("every round returns or raises")


def _in_country(address: Address, portfolio: Portfolio) -> Address:
    """An address that names no country is in the portfolio's."""
    return address if address.country else replace(address, country=portfolio.country)


def _with_point(address: Address, found: Located) -> Address:
    return replace(
        address,
        lat=found.point.lat,
        lng=found.point.lng,
        cell=cell_of(found.point.lat, found.point.lng),
        quality=found.quality,
        source=SOURCE,
    )
