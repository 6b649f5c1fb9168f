"""Links to a debtor's page that people hand over, and taking links back."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from chalicelib.domain import debtor_link
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import BadField, LinkExpired
from chalicelib.domain.links_of_case import LinksOfCase, MadeLink
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.services import casework
from chalicelib.services.access import Portfolios

ALL = "all"
MOST_DAYS = 90
TRIES = 8


class Links(Protocol):
    def links(self, case_id: str) -> LinksOfCase: ...
    def change_links(self, before: LinksOfCase, after: LinksOfCase, *, case_id: str) -> bool:
        """Write what is known of a case's links; False when somebody else has since."""
        ...


Names = Callable[[set[str]], Mapping[str, str]]


def page(
    case_id: str,
    *,
    links: Links,
    names: Names,
    actor: Actor,
    cases: casework.Cases,
    portfolios: Portfolios,
    now: datetime,
) -> dict[str, Any]:
    """List the links that people made for a case, newest first; never the links themselves."""
    casework.opened(case_id, actor=actor, cases=cases, portfolios=portfolios)
    return _page(links.links(case_id), names, now)


def make(
    case_id: str,
    *,
    days: int,
    url: Callable[[str, datetime, timedelta], str],
    key: bytes,
    links: Links,
    names: Names,
    actor: Actor,
    cases: casework.Cases,
    portfolios: Portfolios,
    now: datetime,
) -> dict[str, Any]:
    """
    Make a link to hand over; it is told once and kept nowhere.

    Args:
        days: How long it works.
        url: Writes the address of a case's page, made at a moment, for a time.

    Raises:
        BadField: It would last longer than three months, or not at all.
    """
    if not 0 < days <= MOST_DAYS:
        raise BadField(field="days", reason="out_of_range", least=1, most=MOST_DAYS)
    lasts = timedelta(days=days)

    def do(draft: Draft, *_: object) -> None:
        draft.link_made(days)

    casework.change(case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now)
    made_at = _after(links.links(case_id), now)
    address = url(case_id, made_at, lasts)
    read = debtor_link.read(address.rpartition("/")[2], key)
    if read is None:
        raise LinkExpired
    made = MadeLink(link_id=read.link_id, made_at=now, made_by=actor.actor_id, until=read.until)
    known = _changed(case_id, lambda before: before.with_made(made), links)
    return _page(known, names, now) | {"url": address}


def revoke(
    case_id: str,
    link_id: str,
    *,
    links: Links,
    names: Names,
    actor: Actor,
    cases: casework.Cases,
    portfolios: Portfolios,
    now: datetime,
) -> dict[str, Any]:
    """
    Take back a link, or with ``all`` every one that was ever made, those of messages too.

    Who came in by it is out at once. Safe to repeat.

    Raises:
        LinkExpired: No such link of this case.
    """
    casework.opened(case_id, actor=actor, cases=cases, portfolios=portfolios)
    before = links.links(case_id)
    if link_id != ALL and not any(one.link_id == link_id for one in before.made):
        raise LinkExpired
    if link_id == ALL:
        known = _changed(case_id, lambda read: read.with_all_revoked(now), links)
    elif before.is_revoked(link_id):
        return _page(before, names, now)
    else:
        known = _changed(case_id, lambda read: read.with_revoked(link_id, now), links)

    def do(draft: Draft, *_: object) -> None:
        draft.links_revoked(every=link_id == ALL)

    casework.change(case_id, do, actor=actor, cases=cases, portfolios=portfolios, now=now)
    return _page(known, names, now)


def end_all(case_id: str, *, links: Links, since: datetime, now: datetime) -> None:
    """
    Let every link of a case work no more, and whoever is in be out, with nobody asking.

    Safe to repeat: where all were taken back since then nothing changes.
    """

    def end(read: LinksOfCase) -> LinksOfCase:
        over = read.revoked_before is not None and read.revoked_before >= since
        return read if over else read.with_all_revoked(now)

    before = links.links(case_id)
    if end(before) != before:
        _changed(case_id, end, links)


# Private


def _after(known: LinksOfCase, now: datetime) -> datetime:
    """A moment for a new link, later than the last time all were revoked; links know seconds."""
    floor = known.revoked_before
    return max(now, floor + timedelta(seconds=1)) if floor else now


def _changed(
    case_id: str, change: Callable[[LinksOfCase], LinksOfCase], links: Links
) -> LinksOfCase:
    for _ in range(TRIES):
        before = links.links(case_id)
        after = change(before)
        if links.change_links(before, after, case_id=case_id):
            return after
    raise RuntimeError("the links of a case kept moving")


def _page(known: LinksOfCase, names: Names, now: datetime) -> dict[str, Any]:
    called = names({one.made_by for one in known.made})
    return {
        "items": [
            {
                "link_id": one.link_id,
                "made_at": to_plain(one.made_at),
                "made_by": {"id": one.made_by, "name": called.get(one.made_by, "")},
                "until": to_plain(one.until),
                "revoked_at": to_plain(one.revoked_at),
                "works": one.revoked_at is None and now < one.until,
            }
            for one in reversed(known.made)
        ],
        "revoked_before": to_plain(known.revoked_before),
    }
