"""The e-mail that a report goes with: to people as a file, to somebody outside as a link."""

import html
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from chalicelib.domain.contact import Channel, Content, Outgoing
from chalicelib.domain.ids import derived_id
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.report_schedule import Mailing
from chalicelib.domain.saved_report import SavedReport
from chalicelib.domain.shared_report import LEAST_CASES, SharedReport
from chalicelib.i18n import wording
from chalicelib.messages import email, formats

# What goes along; with MIME's third on top it stays below what mailboxes take.
MOST_BYTES = 5 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A report as a file: name, media type, bytes."""

    name: str
    media_type: str
    body: bytes

    @property
    def fits(self) -> bool:
        return len(self.body) <= MOST_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """
    What every e-mail of a mailing says.

    Args:
        who: Whoever made the schedule; empty where that is nobody's any more.
        site: Where the panel is, without a slash at the end.
    """

    kept: SavedReport
    portfolio: Portfolio
    mailing: Mailing
    who: str
    site: str


def to_person(
    facts: Facts, file: File, *, to: str, language: str, stop_url: str, recipient: str
) -> Outgoing:
    """Write it to a person of the portfolio: the file along, or a link that asks to sign in."""
    said = words(language)
    panel = (
        f"{facts.site}/panel/indicadores/?cartera={facts.portfolio.portfolio_id}"
        f"&informe={facts.kept.report_id}"
    )
    told = said["attached"].format(file=file.name) if file.fits else said["too_large"]
    content = _written(facts, said, told, (said["open"], panel), to=to, stop_url=stop_url)
    files = ((file.name, file.media_type, file.body),) if file.fits else ()
    return _outgoing(facts, content, recipient, stop_url, files)


def to_outside(
    facts: Facts,
    shared: SharedReport,
    url: str,
    *,
    to: str,
    language: str,
    stop_url: str,
    recipient: str,
) -> Outgoing:
    """Write it to an address outside: a link to the report as it was, never a file."""
    said = words(language)
    locale = formats.locale_of(said["language"], facts.portfolio.country)
    until = formats.day(shared.until.date(), locale)
    told = said["outside"].format(until=until, least=LEAST_CASES)
    content = _written(facts, said, told, (said["read"], url), to=to, stop_url=stop_url)
    return _outgoing(facts, content, recipient, stop_url, ())


def words(language: str) -> dict[str, str]:
    """The words of these e-mails; Spanish for a language that we do not have."""
    return {**wording.of("report_mail", language), "language": wording.spoken(language)}


# Private


def _written(
    facts: Facts, said: dict[str, str], told: str, link: tuple[str, str], *, to: str, stop_url: str
) -> Content:
    mailing, portfolio = facts.mailing, facts.portfolio
    locale = formats.locale_of(said["language"], portfolio.country)
    days = _between(mailing.first, mailing.last, said, locale)
    subject = said["subject"].format(name=facts.kept.name, days=days)
    pairs = [(said["portfolio"], portfolio.name), (said["days"], days)]
    pairs.append((said["there"], f"{mailing.days_there} / {mailing.days}"))
    notes = list(_notes(facts, said, told, locale))
    text = "\n".join(
        [facts.kept.name, "", *(f"{name}: {value}" for name, value in pairs), "", *notes, "",
         f"{link[0]}: {link[1]}", *(["", f"{said['stop']}: {stop_url}"] if stop_url else [])]
    )  # fmt: skip
    body = (
        f'<h1 style="font-size:20px;margin:0 0 16px">{html.escape(facts.kept.name)}</h1>'
        f"<table>{email.rows(pairs)}</table>"
        + "".join(f'<p style="margin:16px 0 0">{html.escape(note)}</p>' for note in notes)
        + f'<p style="margin:16px 0 0"><a class="r-link" href="{html.escape(link[1])}">'
        f"{html.escape(link[0])}</a></p>"
    )
    page = email.to_colleague(
        body,
        portfolio,
        subject=subject,
        language=said["language"],
        unsubscribe=stop_url or None,
        opening=said["opening"].format(portfolio=portfolio.name, days=days),
    )
    return Content(to=to, subject=subject, text=text, html=page, language=said["language"])


def _notes(facts: Facts, said: dict[str, str], told: str, locale: str) -> Iterator[str]:
    mailing = facts.mailing
    yield told
    if (mailing.first, mailing.last) != (mailing.asked_first, mailing.asked_last):
        first, last = (
            formats.day(one, locale) for one in (mailing.asked_first, mailing.asked_last)
        )
        yield said["partial"].format(first=first, last=last)
    if mailing.asked_by:
        yield said["asked"]
    else:
        yield said["why"].format(who=facts.who) if facts.who else said["why_unnamed"]


def _between(first: date, last: date, said: dict[str, str], locale: str) -> str:
    if first == last:
        return formats.day(first, locale)
    return said["between"].format(first=formats.day(first, locale), last=formats.day(last, locale))


def _outgoing(
    facts: Facts,
    content: Content,
    recipient: str,
    stop_url: str,
    files: tuple[tuple[str, str, bytes], ...],
) -> Outgoing:
    return Outgoing(
        message_id=derived_id("ltr", facts.mailing.key, recipient),
        # A provider's news of it finds whoever should get no more: report_schedules.heard.
        reference=f"{facts.portfolio.portfolio_id}:{facts.mailing.schedule_id}.{recipient}",
        portfolio_id=facts.portfolio.portfolio_id,
        channel=Channel.EMAIL,
        content=content,
        country=facts.portfolio.country,
        unsubscribe_url=stop_url,
        files=files,
    )
