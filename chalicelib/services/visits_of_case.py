"""The visits made of a case and the fences of its addresses, as the page of the case shows them."""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.case import CaseFile
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.visit import Visit
from chalicelib.services import dispositions
from chalicelib.services.access import MANAGERS
from chalicelib.services.visit_judging import best_fix


def of_case(
    file: CaseFile, portfolio: Portfolio, *, actor: Actor, who: Mapping[str, str]
) -> list[dict[str, Any]]:
    """List them, the last one first; an agent is not told how far colleagues are trusted."""
    labels = {one.code: one.label for one in dispositions.of(portfolio)} if file.visits else {}
    judges = actor.role in MANAGERS
    return [_line(visit, labels, who, judges=judges) for visit in reversed(file.visits)]


def _line(
    visit: Visit, labels: Mapping[str, Mapping[str, str]], who: Mapping[str, str], *, judges: bool
) -> dict[str, Any]:
    report, found = visit.report, visit.findings
    fix = best_fix(report) if judges else None
    return {
        "visit_id": visit.visit_id,
        "at": to_plain(visit.at),
        "person": {"id": visit.person_id, "name": who.get(f"user:{visit.person_id}", "")},
        "kind": report.kind.value,
        "disposition": {
            "code": report.disposition,
            "label": labels.get(report.disposition, {}),
        },
        "met": report.met.who if report.met else "",
        "exception": report.exception.reason if report.exception else "",
        "verdict": found.verdict.verdict,
        "distance_m": found.verdict.distance_m,
        "standing": visit.standing.value,
        "photos": len(report.photos),
        "photos_wanted": len(visit.wanted),
        "trust": found.trust.score if judges else None,
        "doubts": list(found.doubts) if judges else [],
        "lat": fix.lat if fix else None,
        "lng": fix.lng if fix else None,
    }
