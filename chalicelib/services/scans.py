"""What follows from a scanner's result: kept, and of what is infected told to case and audit."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from chalicelib.domain.case import CaseFile
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import CaseNotFound, FileInfected
from chalicelib.domain.ids import new_id
from chalicelib.domain.people import AuditEvent
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.scan import Given, Scan, ScanState, Wanted, case_of, from_outside
from chalicelib.services import casework
from chalicelib.services.access import Portfolios
from chalicelib.services.casework import Cases

KIND = "file.infected"


class Scans(Protocol):
    def note(self, scan: Scan, *, audit: AuditEvent | None = None) -> bool:
        """Keep a result, with what the audit says of it; says whether it was news."""
        ...

    def get(self, keys: list[str]) -> Mapping[str, Scan]:
        """Find what is known of objects."""
        ...


class Gives(Protocol):
    def given(self, wanted: Sequence[Wanted], *, expires_s: int) -> list[Given]:
        """Give what a page lists, each as far as a scanner lets it, in the same order."""
        ...


def shown(wanted: Sequence[Wanted], files: Gives, *, expires_s: int) -> list[dict[str, Any]]:
    """Give ``url``, none of what is infected, and ``scan`` of each, in the same order."""
    given = files.given(wanted, expires_s=expires_s)
    return [{"url": one.url, "scan": one.scan.value} for one in given]


def taken(wanted: Wanted, files: Gives, *, expires_s: int) -> dict[str, Any]:
    """
    Give the ``url`` and the ``scan`` of one file that somebody asks for.

    Raises:
        FileInfected: A scanner found malware in it.
    """
    (one,) = shown([wanted], files, expires_s=expires_s)
    if one["url"] is None:
        raise FileInfected(reason="malware")
    return one


def note(scan: Scan, *, scans: Scans, cases: Cases, portfolios: Portfolios) -> bool:
    """
    Take note of a result; says whether it was news. Safe to repeat.

    The case is told first: where that fails the event comes again, and the row, by which it
    would be known, is not there yet.
    """
    if not from_outside(scan.key):
        return False
    if scan.state is not ScanState.INFECTED:
        return scans.note(scan)
    case_id = case_of(scan.key)
    if case_id is not None:
        case_id = _tell(case_id, scan, cases, portfolios)
    audit = AuditEvent(
        event_id=new_id("aud"),
        kind=KIND,
        at=scan.at,
        actor=casework.MACHINE,
        subject=f"case:{case_id}" if case_id else f"file:{scan.key}",
        facts={"file": scan.key, "threats": list(scan.threats)},
    )
    return scans.note(scan, audit=audit)


def _tell(case_id: str, scan: Scan, cases: Cases, portfolios: Portfolios) -> str | None:
    """Write it into the case's timeline, once; gives the case, None when there is none."""

    def do(draft: Draft, _: CaseFile, __: Portfolio) -> None:
        draft.file_infected(scan.key, scan.threats)

    try:
        casework.change_by_machine(case_id, do, cases=cases, portfolios=portfolios, now=scan.at)
    except CaseNotFound:
        return None
    return case_id
