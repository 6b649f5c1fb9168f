"""What a list of cases is asked by, wherever it is: shown, exported, worked on, kept as a view."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.case import CaseStatus
from chalicelib.domain.case_list import CaseFilter
from chalicelib.domain.draft import local_day
from chalicelib.domain.errors import BadField
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import case_search

YES_NO = ("yes", "no")
SORTS = ("due", "-due", "balance", "-balance", "name", "-name", "touched", "-touched")
NAMES = (
    "q", "sort", "band", "min_minor", "max_minor", "city", "status", "tag", "owner",
    "untouched_days", "charged_off",
)  # fmt: skip


def checked(filters: Mapping[str, Any], portfolio: Portfolio, *, now: datetime) -> dict[str, Any]:
    """
    Give what is asked for without what is left empty, and nothing that is no filter.

    Raises:
        BadField: A sort, band or status that does not exist, or words with nothing to look for.
    """
    asked = {name: filters[name] for name in NAMES if filters.get(name) not in (None, "")}
    if sort_of(asked) not in SORTS:
        raise BadField(field="sort", reason="unknown")
    where(asked, portfolio, now=now)  # refuses what cannot be asked before anybody waits for it
    if "q" in asked and not any(mark.isalnum() for mark in asked["q"]):
        raise BadField(field="q", reason="too_short")
    return asked


def sort_of(filters: Mapping[str, Any]) -> str:
    """Give the order of a list: as asked, else the longest untouched or the oldest due first."""
    usual = "due" if filters.get("untouched_days") is None else "touched"
    return str(filters.get("sort") or usual)


def where(filters: Mapping[str, Any], portfolio: Portfolio, *, now: datetime) -> CaseFilter:
    """
    Turn the list's filters into what the store reads by; a band is a range of due dates.

    Raises:
        BadField: A band or status that does not exist, or days out of range.
    """
    today = local_day(now, portfolio.time_zone)
    narrowed = case_search.untouched_for(columns(filters), filters.get("untouched_days"), today)
    return case_search.with_band(narrowed, filters.get("band", ""), portfolio, today)


def columns(filters: Mapping[str, Any]) -> CaseFilter:
    """
    Give what is asked of the columns of a list alone, without what depends on today.

    Raises:
        BadField: A status that does not exist, or neither yes nor no.
    """
    if filters.get("charged_off", "") not in ("", *YES_NO):
        raise BadField(field="charged_off", reason="unknown")
    status = filters.get("status")
    if status and status not in {one.value for one in CaseStatus}:
        raise BadField(field="status", reason="unknown")
    return CaseFilter(
        city=filters.get("city", ""),
        status=CaseStatus(status) if status else None,
        tag=filters.get("tag", ""),
        owner=filters.get("owner", ""),
        charged_off={"yes": True, "no": False}.get(filters.get("charged_off", "")),
        min_minor=filters.get("min_minor"),
        max_minor=filters.get("max_minor"),
    )
