"""
The little markup of templates, made into HTML, plain text or SSML before any value is in it.

An empty line parts paragraphs; ``- `` begins an item; ``**`` is bold; ``[Pay]({{ link }})`` is a
link, and a button when it stands alone. Because only the template's own text is read for these,
a debtor's name can hold any of them and changes nothing; values are escaped as they are put in.
"""

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby

_TAG = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})", re.DOTALL)
_BLOCKS = re.compile(r"\s*(?:\{%.*?%\}\s*)+")
_OPENS = re.compile(r"\{%-?\s*(?:if|for)\b")
_CLOSES = re.compile(r"\{%-?\s*end(?:if|for)\b")
_LINK = re.compile(r"\[([^\]\n]+)\]\((\{\{[^}\n]*\}\}|https://[^\s()]+)\)")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")

_TYPE = "font-size:16px;line-height:1.5"
_PARAGRAPH = f'<p style="margin:0 0 16px;{_TYPE}">'
_LIST = f'<ul style="margin:0 0 16px;padding:0 0 0 20px;{_TYPE}">'
# The colours are the portfolio's; the renderer gives them beside the template's own variables.
_BUTTON = (
    "display:inline-block;padding:14px 28px;border-radius:8px;font-weight:600;"
    "text-decoration:none;background:{{ _colour }};color:{{ _ink }}"
)


def html(source: str) -> str:
    r"""
    Make the HTML source of a body.

    >>> html("- **{{ total }}** & <b>")[-59:]
    '<li><strong>{{ total }}</strong> &amp; &lt;b&gt;</li>\n</ul>'
    """
    return "\n".join(_html(source))


def text(source: str, bold: str = "") -> str:
    """
    Make the plain text source of a field: links are written out.

    Args:
        bold: What stands around bold words: ``*`` in WhatsApp.

    >>> text("**Hoy**: [Pagar]({{ link }})", bold="*")
    '*Hoy*: Pagar: {{ link }}'
    """
    return _BOLD.sub(rf"{bold}\1{bold}" if bold else r"\1", _LINK.sub(r"\1: \2", source))


def speech(source: str) -> str:
    """
    Make the SSML source of a voice message.

    >>> speech("Hola {{ first_name }} & Cía.")
    '<speak><p>Hola {{ first_name }} &amp; Cía.</p></speak>'
    """
    lines = [
        inner if kind == "block" else f"<p>{_escaped(' '.join(inner.split()))}</p>"
        for kind, run in _runs(text(source))
        for inner in (run if kind == "block" else [" ".join(run)])
    ]
    inside = "\n".join(lines)
    return f"<speak>{inside}</speak>"


def _html(source: str) -> Iterator[str]:
    for kind, lines in _runs(source):
        if kind == "block":
            yield from lines
        elif kind == "items":
            items = "\n".join(
                line if _BLOCKS.fullmatch(line) else f"<li>{_inline(line.strip()[2:])}</li>"
                for line in lines
            )
            yield f"{_LIST}\n{items}\n</ul>"
        elif len(lines) == 1 and (link := _LINK.fullmatch(lines[0].strip())):
            title = _escaped(link[1])
            yield f'{_PARAGRAPH}<a href="{link[2]}" style="{_BUTTON}">{title}</a></p>'
        else:
            yield f"{_PARAGRAPH}{'<br>'.join(_inline(line.strip()) for line in lines)}</p>"


def _runs(source: str) -> Iterator[tuple[str, list[str]]]:
    """
    Part a body into runs of lines: ``text`` (a paragraph), ``items``, ``block`` (tags only).

    Tags among items stay with them where they open and close there, so that a loop over debts
    makes one list and not many.
    """
    for full, stretch in groupby(source.splitlines(), key=lambda line: bool(line.strip())):
        if not full:
            continue
        lines = list(stretch)
        while lines:
            size = _list_size(lines)
            kind = "items" if size else _kind(lines[0])
            while not size or (kind == "text" and size < len(lines) and _kind(lines[size]) == kind):
                size += 1
            yield kind, lines[:size]
            lines = lines[size:]


def _kind(line: str) -> str:
    if _BLOCKS.fullmatch(line):
        return "block"
    return "items" if line.lstrip().startswith("- ") else "text"


def _list_size(lines: list[str]) -> int:
    """How many of the first lines make one list; 0 when they do not begin one."""
    depth = best = 0
    seen = False
    for index, line in enumerate(lines):
        kind = _kind(line)
        if kind == "text":
            break
        depth += len(_OPENS.findall(line)) - len(_CLOSES.findall(line))
        if depth < 0:
            break
        seen = seen or kind == "items"
        if depth == 0 and seen:
            best = index + 1
    return best


def _inline(line: str) -> str:
    linked = _LINK.sub(r'<a class="r-link" href="\2" style="color:#1f5f5b">\1</a>', _escaped(line))
    return _BOLD.sub(r"<strong>\1</strong>", linked)


def _escaped(line: str) -> str:
    """Escape a template's own text and leave its tags."""
    parts = _TAG.split(line)
    return "".join(part if index % 2 else escape(part) for index, part in enumerate(parts))
