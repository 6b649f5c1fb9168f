"""The e-mail that tells a person of mentions and tasks: by whom, and where to read them."""

import html
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

from chalicelib.domain.contact import Channel, Content, Outgoing
from chalicelib.domain.ids import derived_id
from chalicelib.domain.notice import Notice, NoticeKind
from chalicelib.domain.people import Person
from chalicelib.domain.portfolio import Portfolio
from chalicelib.messages import email

LANGUAGES = ("es", "en", "pt")
SETTINGS = "/panel/ajustes/#notices"
CASE = "/panel/expedientes/caso/?id="
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
    lines = [
        (
            said[one.kind].format(who=names.get(one.by) or said["somebody"]),
            said["case"].format(case=one.case_id),
            f"{panel}{CASE}{one.case_id}",
        )
        for one in told
    ]
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
    page = email.page(
        body,
        subject=subject,
        language=language,
        locale=f"{language}-{portfolio.country}",
        brand=portfolio.branding.display_name,
        colour=portfolio.branding.colour,
        identification=portfolio.name,
        unsubscribe=None,
        opening=portfolio.name,
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


@cache
def words(language: str) -> dict[str, str]:
    """The words of these e-mails; Spanish for a language that we do not have."""
    known = language if language in LANGUAGES else LANGUAGES[0]
    file = resources.files("chalicelib.i18n") / f"notice_mail.{known}.json"
    said: dict[str, str] = json.loads(file.read_text("utf-8"))
    return said | {"language": known}


# Private


def _subject(told: Sequence[Notice], said: dict[str, str], portfolio: Portfolio) -> str:
    counts = [
        said[f"{kind}.{'one' if n == 1 else 'other'}"].format(n=n)
        for kind in NoticeKind
        if (n := sum(one.kind is kind for one in told))
    ]
    return said["subject"].format(what=said["and"].join(counts), portfolio=portfolio.name)
