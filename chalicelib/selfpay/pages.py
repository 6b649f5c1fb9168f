"""A page made of a template, a view and the words of a language."""

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

LANGUAGES = ("es", "en", "pt")
HERE = "chalicelib.selfpay"


def render(template: str, language: str, **view: Any) -> str:
    """
    Make a page.

    Args:
        template: Its file below ``pages``, without ``.html.jinja``.
        view: What the template shows; a name it uses and does not get is an error.
    """
    made: str = (
        _environment()
        .get_template(f"{template}.html.jinja")
        .render(
            language=language,
            languages=LANGUAGES,
            t=Words(language),
            style=style(),
            **view,
        )
    )
    return made


class Words:
    """The words of one language: ``t("door.title", brand=brand)``; plain text, never HTML."""

    def __init__(self, language: str) -> None:
        self._texts = texts(language)

    def __call__(self, key: str, **values: Any) -> str:
        text = self._texts[key]
        for name, value in values.items():
            said = str(value)
            if said.endswith("."):  # a name such as S.A. ends its sentence too
                text = text.replace("{" + name + "}.", said)
            text = text.replace("{" + name + "}", said)
        return text

    def has(self, key: str) -> bool:
        return key in self._texts


@cache
def texts(language: str) -> Mapping[str, str]:
    """
    Every word of the pages in a language, from all files ``texts/<area>.<language>.json``.

    A file of several areas holds an object of words for each.
    """
    found: dict[str, str] = {}
    for file in sorted((resources.files(HERE) / "texts").iterdir(), key=lambda one: one.name):
        area, _, ending = file.name.partition(".")
        if ending == f"{language}.json":
            for key, text in json.loads(file.read_text(encoding="utf-8")).items():
                if isinstance(text, str):
                    found[f"{area}.{key}"] = text
                else:
                    found |= {f"{key}.{name}": said for name, said in text.items()}
    return found


@cache
def style() -> str:
    """The pages' own style; it goes inside the page, as a slow line has no second to lose."""
    return (resources.files(HERE) / "pages" / "style.css").read_text(encoding="utf-8")


@cache
def style_source() -> str:
    """What the security policy names the style by."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return f"'sha256-{digest}'"


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    return Environment(
        loader=PackageLoader(HERE, "pages"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
