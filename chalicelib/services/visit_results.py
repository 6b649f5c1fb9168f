"""
The result of a visit by e-mail, at once: to the agent's supervisors and whom the creditor chose.

It goes out once: that it is told is written down before it is handed over, so a crash in between
costs an e-mail and never sends two. Photos are links, signed, which end; where the phone was is a
drawing of ours that goes along (services/visit_sketch), and a link to a map.
"""

import html
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import Channel, Content, NotSent, Outgoing, Receipt
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import LinkExpired
from chalicelib.domain.links import Link, opened, sealed
from chalicelib.domain.people import Person
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.visit import Visit
from chalicelib.geo.point import Point
from chalicelib.i18n import wording
from chalicelib.messages import email, formats
from chalicelib.services import casework, dispositions, visit_judging, visit_sketch
from chalicelib.services.access import Portfolios
from chalicelib.services.casework import Cases
from chalicelib.services.visit_judging import Trails, best_fix
from chalicelib.services.visit_photos import LINK_S, Files, key_of
from chalicelib.visits.radius import radius_of

PURPOSE = "visit-photo"
LINKS_FOR = timedelta(days=14)
PICTURE = "visita.png"
MAP = "https://www.openstreetmap.org/?mlat={lat:.5f}&mlon={lng:.5f}#map=18/{lat:.5f}/{lng:.5f}"


class Sender(Protocol):
    def send(self, message: Outgoing) -> Receipt: ...


class People(Protocol):
    def get(self, person_id: str) -> Person | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """
    What a result is sent with.

    Args:
        supervisors: All who supervise, as known some seconds ago.
        trails: Where the agent's phone was, for supervisors alone.
        problem: Told of an e-mail that did not go.
    """

    cases: Cases
    portfolios: Portfolios
    people: People
    supervisors: Callable[[], Iterable[Person]]
    trails: Trails
    sender: Sender
    site: str
    key: bytes
    problem: Callable[[str], None]


def tell(case_id: str, visit_id: str, *, means: Means, now: datetime) -> int:
    """
    Send a visit's result to whoever should have it; safe to repeat.

    Returns:
        How many e-mails were handed over.
    """
    told: list[tuple[CaseFile, Portfolio, Visit]] = []

    def do(draft: Draft, file: CaseFile, portfolio: Portfolio) -> None:
        told.clear()
        visit = next((one for one in file.visits if one.visit_id == visit_id), None)
        if visit is not None and draft.tell_result(visit_id):
            told.append((file, portfolio, visit))

    casework.change_by_machine(case_id, do, cases=means.cases, portfolios=means.portfolios, now=now)
    if not told:
        return 0
    file, portfolio, visit = told[0]
    agent = means.people.get(visit.person_id)
    supervising = list(means.supervisors())
    ours = {one.email for one in supervising}
    drawings = {
        True: _drawing(file, portfolio, visit, _trail(visit, means.trails)),
        False: _drawing(file, portfolio, visit, ()),
    }
    sent = 0
    for to, language in recipients(portfolio, agent, supervising).items():
        # A creditor learns where the visit was, not where else the agent went.
        drawing = drawings[to in ours]
        content = written(
            file, portfolio, visit, to=to, language=language,
            agent=agent.name if agent else "", site=means.site, key=means.key, now=now,
            drawing=drawing,
        )  # fmt: skip
        message = Outgoing(
            message_id=visit_id,
            reference=f"{case_id}:{visit_id}",
            portfolio_id=portfolio.portfolio_id,
            channel=Channel.EMAIL,
            content=content,
            country=portfolio.country,
            pictures=((PICTURE, "image/png", drawing.png),) if drawing else (),
        )
        try:
            means.sender.send(message)
            sent += 1
        except NotSent as refused:
            means.problem(refused.code)
    return sent


def recipients(
    portfolio: Portfolio, agent: Person | None, supervisors: Iterable[Person]
) -> dict[str, str]:
    """
    Say who is told, and in which language.

    The supervisors of the agent's team who see the portfolio; all who see it when the team has
    none; and the portfolio's own addresses.
    """
    seeing = [
        one for one in supervisors if not one.disabled and portfolio.portfolio_id in one.portfolios
    ]
    team = [one for one in seeing if agent is not None and agent.team and one.team == agent.team]
    told = {one.email: one.language for one in team or seeing}
    for address in portfolio.policies.field.visit_results_to:
        told.setdefault(address, portfolio.language)
    return told


def written(
    file: CaseFile,
    portfolio: Portfolio,
    visit: Visit,
    *,
    to: str,
    language: str,
    agent: str,
    site: str,
    key: bytes,
    now: datetime,
    drawing: visit_sketch.Drawn | None = None,
) -> Content:
    """Write the e-mail: what came of it, where it was, what speaks against it, links."""
    said = {**wording.of("visit_result", language), "language": wording.spoken(language)}
    lines = list(_lines(file, portfolio, visit, said, agent))
    links = list(_links(file, visit, said, site, key, until=(now + LINKS_FOR).date()))
    result = _result(portfolio, visit, said)
    subject = said["subject"].format(name=file.head.name, result=result)
    text = "\n".join(
        [subject, "", *(f"{name}: {value}" for name, value in lines), "",
         *(f"{name}: {url}" for name, url in links), "", said["until"]]
    )  # fmt: skip
    anchors = "".join(
        f'<li><a class="r-link" href="{html.escape(url)}">{html.escape(name)}</a></li>'
        for name, url in links
    )
    picture = _picture(drawing, said) if drawing else ""
    body = (
        f'<table role="presentation">{email.rows(lines)}</table>{picture}'
        f"<ul>{anchors}</ul><p>{said['until']}</p>"
    )
    page = email.to_colleague(
        body, portfolio, subject=subject, language=said["language"], opening=result
    )
    return Content(to=to, subject=subject, text=text, html=page, language=said["language"])


def photo(token: str, *, key: bytes, cases: Cases, files: Files, now: datetime) -> str:
    """
    Open an e-mail's link to a photo; gives a short-lived address of the picture.

    Raises:
        LinkExpired: It is not ours, its time is over, or the picture has not come.
    """
    link = opened(token, key, purpose=PURPOSE, today=now.date())
    if link is None:
        raise LinkExpired
    visit_id, _, photo_id = link.subject.partition(":")
    visits = cases.open(link.case_id).visits
    visit = next((one for one in visits if one.visit_id == visit_id), None)
    if visit is None or photo_id in visit.wanted:
        raise LinkExpired
    return files.view(key_of(link.case_id, visit_id, photo_id), expires_s=LINK_S)


# Private


def _lines(
    file: CaseFile, portfolio: Portfolio, visit: Visit, said: dict[str, str], agent: str
) -> Iterator[tuple[str, str]]:
    report, found = visit.report, visit.findings
    locale = formats.locale_of(said["language"], portfolio.country)
    at = visit.at.astimezone(ZoneInfo(portfolio.time_zone))
    yield said["debtor"], file.head.name
    folios = [one.external_id for one in file.debts if not one.void]
    yield said["folios"], ", ".join(folios[:5]) + ("…" if len(folios) > 5 else "")
    yield said["agent"], agent or "–"
    yield said["when"], f"{formats.day(at.date(), locale)}, {at:%H:%M}"
    yield said["result"], _result(portfolio, visit, said)
    if report.met is not None:
        yield said["met"], said[f"met.{report.met.who}"]
    if report.promise is not None:
        amount = formats.amounts(file.head.currency, locale)(report.promise.amount_minor)
        yield said["promise"], f"{amount} · {formats.day(report.promise.due_on, locale)}"
    yield said["place"], said[f"verdict.{found.verdict.verdict}"]
    if found.doubts:
        yield said["look"], ", ".join(said[f"doubt.{one}"] for one in found.doubts)
    if report.note:
        yield said["note"], report.note


def _trail(visit: Visit, trails: Trails) -> Sequence[Point]:
    moment = visit_judging.moment_of(visit.report, visit.received_at)
    around = trails.around(
        visit.person_id,
        moment.started_at - visit_judging.TRAIL_BEFORE,
        moment.ended_at + visit_judging.TRAIL_AFTER,
    )
    return [one.point for one in around]


def _drawing(
    file: CaseFile, portfolio: Portfolio, visit: Visit, trail: Sequence[Point]
) -> visit_sketch.Drawn | None:
    address = next((a for a in file.addresses if a.address_id == visit.report.address_id), None)
    radius_m = visit.findings.verdict.radius_m or radius_of(address, portfolio)
    return visit_sketch.draw(visit, address, radius_m, trail)


def _picture(drawing: visit_sketch.Drawn, said: dict[str, str]) -> str:
    seen = said["sketch"].format(bar=drawing.bar_m)
    if drawing.away_m is not None and drawing.radius_m is not None:
        seen = f"{said['away'].format(away=drawing.away_m, radius=drawing.radius_m)} {seen}"
    return (
        f'<p style="margin:16px 0 0"><img src="cid:{PICTURE}" width="480" height="320"'
        f' alt="{html.escape(seen)}" style="max-width:100%;height:auto;border-radius:8px"></p>'
        f'<p class="r-foot" style="font-size:13px;margin:4px 0 16px">{html.escape(seen)}</p>'
    )


def _links(
    file: CaseFile, visit: Visit, said: dict[str, str], site: str, key: bytes, *, until: date
) -> Iterator[tuple[str, str]]:
    case_id = file.head.case_id
    yield said["open"], f"{site}/panel/visitas/visita/?caso={case_id}&id={visit.visit_id}"
    fix = best_fix(visit.report)
    if fix is not None:
        yield said["map"], MAP.format(lat=fix.lat, lng=fix.lng)
    for one in visit.report.photos:
        link = Link(
            purpose=PURPOSE,
            case_id=case_id,
            subject=f"{visit.visit_id}:{one.photo_id}",
            channel="",
            until=until,
        )
        yield said[f"photo.{one.kind}"], f"{site}/api/v1/visit-photos/{sealed(link, key)}"


def _result(portfolio: Portfolio, visit: Visit, said: dict[str, str]) -> str:
    report = visit.report
    if report.exception is not None:
        return said[f"exception.{report.exception.reason}"]
    known = {one.code: one.label for one in dispositions.of(portfolio)}
    return known.get(report.disposition, {}).get(said["language"]) or report.disposition
