"""The e-mail that tells a person of what is theirs: by whom or by when, and where to find it."""

import html
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.contact import Channel, Content, Outgoing
from chalicelib.domain.ids import derived_id
from chalicelib.domain.notice import Notice, NoticeKind
from chalicelib.domain.people import Person
from chalicelib.domain.portfolio import Portfolio
from chalicelib.i18n import wording
from chalicelib.messages import email, formats

SETTINGS = "/panel/ajustes/#notices"
CASE = "/panel/expedientes/caso/?id="
TRAY = "/panel/aprobaciones/?cartera="
MORE = "+"
IN = {"es": "", "en": "/en", "pt": "/pt"}  # where the panel speaks a language


def letter(
    told: Sequence[Notice],
    *,
    left_out: int,
    person: Person,
    portfolio: Portfolio,
    names: Mapping[str, str],
    site: str,
) -> Outgoing:
    """
    Write what a person is told, in their language.

    Args:
        left_out: How many more there are on the panel.
        names: Of who mentioned them or gave a task, by who they are on timelines.
    """
    said = words(person.language)
    language = said["language"]
    panel = site + IN[language]
    lines = [_line(one, said, names, panel, portfolio) for one in told]
    subject = _subject(told, said, portfolio)
    more = [said["more"].format(n=left_out)] if left_out else []
    text = "\n".join(
        [subject, "", *(f"- {what} {case}: {url}" for what, case, url in lines), *more, "",
         said["private"], "", f"{said['change']}: {panel}{SETTINGS}"]
    )  # fmt: skip
    items = "".join(
        f'<li style="margin:0 0 8px">{html.escape(what)} '
        f'<a class="r-link" href="{html.escape(url)}">{html.escape(case)}</a></li>'
        for what, case, url in lines
    )
    body = (
        f'<h1 style="font-size:20px;margin:0 0 16px">{html.escape(subject)}</h1>'
        f'<ul style="margin:0;padding:0 0 0 20px">{items}</ul>'
        + "".join(f'<p style="margin:16px 0 0">{html.escape(one)}</p>' for one in more)
        + f'<p style="margin:16px 0 0">{html.escape(said["private"])}</p>'
        f'<p style="margin:16px 0 0"><a class="r-link" href="{html.escape(panel + SETTINGS)}">'
        f"{html.escape(said['change'])}</a></p>"
    )
    page = email.to_colleague(
        body, portfolio, subject=subject, language=language, opening=portfolio.name
    )
    key = derived_id("ntc", portfolio.portfolio_id, person.person_id, *(one.ref for one in told))
    return Outgoing(
        message_id=key,
        reference=f"{portfolio.portfolio_id}:{key}",
        portfolio_id=portfolio.portfolio_id,
        channel=Channel.EMAIL,
        content=Content(to=person.email, subject=subject, text=text, html=page, language=language),
        country=portfolio.country,
    )


def words(language: str) -> dict[str, str]:
    """The words of these e-mails; Spanish for a language that we do not have."""
    return {**wording.of("notice_mail", language), "language": wording.spoken(language)}


# Private


def _subject(told: Sequence[Notice], said: dict[str, str], portfolio: Portfolio) -> str:
    counts = [
        said[f"{kind}.{'one' if n == 1 else 'other'}"].format(n=f"{n}{more}")
        for kind in NoticeKind
        for n, more in [_number([one for one in told if one.kind is kind])]
        if n
    ]
    return said["subject"].format(what=said["and"].join(counts), portfolio=portfolio.name)


def _number(told: Sequence[Notice]) -> tuple[int, str]:
    """How many there are, what waits for a decision counted one by one, and whether more."""
    pending = [each for one in told for each in one.pending]
    if not pending:
        return len(told), ""
    return sum(one.count for one in pending), MORE if any(one.more for one in pending) else ""


def _line(
    one: Notice, said: dict[str, str], names: Mapping[str, str], panel: str, portfolio: Portfolio
) -> tuple[str, str, str]:
    """What is told, what its link says, and where that leads."""
    if one.kind is NoticeKind.APPROVAL:
        return (_decisions(one, said, portfolio), said["tray"],
                f"{panel}{TRAY}{portfolio.portfolio_id}")  # fmt: skip
    hour = _local(one.call_at or one.at, portfolio)
    what = said[one.kind].format(who=names.get(one.by) or said["somebody"], hour=f"{hour:%H:%M}")
    return what, said["case"].format(case=one.case_id), f"{panel}{CASE}{one.case_id}"


def _decisions(one: Notice, said: dict[str, str], portfolio: Portfolio) -> str:
    kinds = ", ".join(
        f"{said[f'kind.{each.kind}']}: {each.count}{MORE if each.more else ''}"
        for each in one.pending
    )
    oldest = _local(min(each.oldest_at for each in one.pending), portfolio).date()
    since = formats.day(oldest, said["language"])
    return said["approval"].format(kinds=kinds, since=since)


def _local(at: datetime, portfolio: Portfolio) -> datetime:
    return at.astimezone(ZoneInfo(portfolio.time_zone))
