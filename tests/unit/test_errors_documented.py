"""Every refusal is in the catalogue and has a text in every language."""

import importlib
import json
import pkgutil
import re
from pathlib import Path

import pytest

import chalicelib
from chalicelib.domain.errors import DomainError
from chalicelib.handlers import web

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("es", "en", "pt")


def leaves():
    """Every refusal that can be raised, wherever it is defined."""
    for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
        importlib.import_module(module.name)
    found, waiting = {}, [DomainError]
    while waiting:
        kind = waiting.pop()
        below = kind.__subclasses__()
        waiting += below
        if "code" in vars(kind) and kind is not DomainError and kind.__module__.startswith("chal"):
            found.setdefault(kind.code, kind)
    return found


LEAVES = leaves()
CATALOGUE = {
    code: int(status)
    for code, status in re.findall(
        r"^\| `([a-z_.]+)` \| (\d{3}) \|", (ROOT / "docs/errors.md").read_text(), re.MULTILINE
    )
}


def texts(language):
    return json.loads((ROOT / f"chalicelib/i18n/errors.{language}.json").read_text())


@pytest.mark.parametrize("code", sorted(LEAVES))
def test_a_refusal_is_in_the_catalogue_with_its_status(code):
    status = next(web.STATUS[kind] for kind in LEAVES[code].__mro__ if kind in web.STATUS)

    assert CATALOGUE[code] == status


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_text(language):
    assert set(LEAVES) | set(CATALOGUE) <= set(texts(language))


def test_languages_say_the_same_things_with_the_same_placeholders():
    placeholders = [
        {code: sorted(re.findall(r"\{(\w+)\}", text)) for code, text in texts(language).items()}
        for language in LANGUAGES
    ]

    assert placeholders[0] == placeholders[1] == placeholders[2]


def test_every_reason_of_a_bad_field_is_explained():
    from chalicelib.handlers.models import REASONS

    documented = (ROOT / "docs/errors.md").read_text().split("## Reasons")[1]

    assert set(REASONS.values()) <= set(re.findall(r"^\| `(\w+)`", documented, re.MULTILINE))
