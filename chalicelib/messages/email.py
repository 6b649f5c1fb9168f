"""The page of an e-mail: one column for any width, light and dark, nothing fetched."""

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from chalicelib.domain.portfolio import Portfolio

# Clients that drop <style> keep the inline colours of a light page; those that know dark mode
# take these. [data-ogsc] is what Outlook's own apps put on a page that they darken.
_DARK = (
    ".r-page{background:#15191c!important}.r-card{background:#1f2529!important}"
    ".r-text,.r-text p,.r-text li{color:#f1f3f4!important}.r-foot{color:#b4bcc2!important}"
    ".r-link{color:#9fd3cf!important}"
)
_STYLE = (
    ":root{color-scheme:light dark;supported-color-schemes:light dark}"
    f"@media (prefers-color-scheme:dark){{{_DARK}}}"
    f"{_DARK.replace('.r-', '[data-ogsc] .r-')}"
    "@media (max-width:600px){.r-card{padding:24px 20px!important}}"
)
_FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_UNSUBSCRIBE = {
    "es": "No recibir más correos como este",
    "en": "Receive no more e-mails like this",
    "pt": "Não receber mais e-mails como este",
}


def unsubscribe(language: str) -> str:
    """The words of the link that ends it."""
    return _UNSUBSCRIBE[language]


def to_colleague(
    body: str,
    portfolio: Portfolio,
    *,
    subject: str,
    language: str,
    opening: str,
    unsubscribe: str | None = None,
) -> str:
    """Lay out, as ``page`` does, what a portfolio writes to others than its debtors."""
    return page(
        body,
        subject=subject,
        language=language,
        locale=f"{language}-{portfolio.country}",
        brand=portfolio.branding.display_name,
        colour=portfolio.branding.colour,
        identification=portfolio.name,
        unsubscribe=unsubscribe,
        opening=opening,
    )


def rows(pairs: Iterable[tuple[str, str]]) -> str:
    """Give a table's rows of a name and what it is, both plain text."""
    return "".join(
        '<tr><th scope="row" align="left" valign="top" style="padding:4px 16px 4px 0">'
        f'{escape(name)}</th><td style="padding:4px 0">{escape(value)}</td></tr>'
        for name, value in pairs
    )


def page(
    body: str,
    *,
    subject: str,
    language: str,
    locale: str,
    brand: str,
    colour: str,
    identification: str,
    unsubscribe: str | None,
    opening: str,
) -> str:
    """
    Lay out a whole HTML e-mail.

    Args:
        body: HTML, escaped already; everything else here is plain text.
        colour: ``#rrggbb`` of the brand, for the line on top.
        opening: What an inbox shows beside the subject.
    """
    stop = ""
    if unsubscribe:
        stop = (
            f'<p style="margin:12px 0 0"><a class="r-link" href="{escape(unsubscribe)}" '
            f'style="color:#4a555c">{escape(_UNSUBSCRIBE[language])}</a></p>'
        )
    top, middle, bottom = _frame(locale.replace("_", "-"), colour)
    return "".join(
        (
            top,
            f"<title>{escape(subject)}</title></head>",
            middle,
            f'<div style="display:none;max-height:0;overflow:hidden">{escape(opening)}</div>',
            _CARD,
            f'<p style="margin:0 0 24px;font-size:18px;font-weight:700">{escape(brand)}</p>',
            body,
            "</td></tr>",
            f'<tr><td class="r-foot" style="padding:20px 32px;{_FONT};font-size:13px;'
            f'line-height:1.5;color:#4a555c"><p style="margin:0">{escape(identification)}</p>',
            stop,
            bottom,
        )
    )


_CARD = (
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" '
    'style="max-width:600px;margin:0 auto"><tr>'
    '<td class="r-card r-text" style="padding:32px;background:#ffffff;color:#1b2226;'
    f'border-radius:8px;{_FONT}">'
)


@lru_cache(maxsize=64)
def _frame(language: str, colour: str) -> tuple[str, str, str]:
    top = (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        '<meta name="supported-color-schemes" content="light dark">'
        f"<style>{_STYLE}</style>"
    )
    middle = (
        '<body class="r-page" style="margin:0;padding:0;background:#f2f4f5">'
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr>'
        f'<td class="r-page" style="padding:24px 12px;background:#f2f4f5;'
        f'border-top:6px solid {escape(colour)}">'
    )
    return top, middle, "</td></tr></table></td></tr></table></body></html>"


@lru_cache(maxsize=256)
def ink(colour: str) -> str:
    """
    Choose black or white for text on *colour*: whichever stands out more (WCAG 2).

    >>> ink("#1f5f5b"), ink("#ffd400")
    ('#ffffff', '#111111')
    """
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#ffffff" if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.0556 else "#111111"
