"""The texts that come with the product: families in ``texts/families.toml``, words by language."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from chalicelib.domain.contact import Channel
from chalicelib.messages.template import (
    CHANNELS,
    LANGUAGES,
    WITH_BUTTONS,
    WITH_SUBJECT,
    Stage,
    Template,
)

Key = tuple[str, Channel, str]
_IDENTIFICATION = "{{ identification }}"


@dataclass(frozen=True, slots=True)
class Family:
    """What the texts of one purpose have in common, whatever the channel and language."""

    template_id: str
    stage: Stage
    pays: bool
    buttons: tuple[str, ...]
    statement: bool


@functools.cache
def families() -> Mapping[str, Family]:
    """Every built-in family, in the order of how far things have gone."""
    return {
        name: Family(
            template_id=name,
            stage=Stage(raw["stage"]),
            pays=raw["pay"],
            buttons=tuple(raw["buttons"]),
            statement=raw.get("statement", False),
        )
        for name, raw in _read("families").items()
    }


@functools.cache
def texts() -> Mapping[Key, Template]:
    """Every built-in text by (family, channel, language)."""
    made: dict[Key, Template] = {}
    for language in LANGUAGES:
        words = _read(language)
        for family in families().values():
            for channel in CHANNELS:
                made[family.template_id, channel, language] = _template(
                    family, channel, language, words
                )
    return made


def titles(language: str) -> Mapping[str, str]:
    """Give the titles of quick replies in a language, by code."""
    known: dict[str, str] = _read(language)["buttons"]
    return known


@functools.cache
def _read(name: str) -> dict[str, Any]:
    file = resources.files(__package__) / "texts" / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _template(
    family: Family, channel: Channel, language: str, words: Mapping[str, Any]
) -> Template:
    own, common = words[family.template_id], words["common"]
    service = family.stage is Stage.SERVICE
    closing = common["closing_service" if service else "closing"]
    page = [
        common["greeting"],
        own["core"],
        own.get("more", ""),
        common["pay_page"] if family.pays else "",
        common["help_page"],
        closing,
    ]
    # WhatsApp approves no text that begins or ends with a variable, has two without words
    # between them, or has conditions.
    bodies = {
        Channel.WHATSAPP: [
            f"{common['greeting']} {own['core']}",
            _IDENTIFICATION,
            common["pay"] if family.pays else "",
            closing,
        ],
        Channel.SMS: [
            "\n".join(
                filter(None, [own["sms"], common["pay"] if family.pays else "", _IDENTIFICATION])
            )
        ],
        Channel.EMAIL: page,
        Channel.LETTER: page,
        Channel.CALL: [
            common["voice_opening"],
            _IDENTIFICATION,
            own["voice"],
            common["voice_closing"],
        ],
    }
    shown = family.buttons if channel in WITH_BUTTONS else ()
    return Template(
        template_id=family.template_id,
        channel=channel,
        language=language,
        stage=family.stage,
        subject=own["subject"] if channel in WITH_SUBJECT else "",
        body="\n\n".join(part.strip() for part in bodies[channel] if part.strip()),
        buttons=tuple((code, words["buttons"][code]) for code in shown),
        approved_name=family.template_id if channel is Channel.WHATSAPP else "",
        attach_statement=family.statement and channel is Channel.EMAIL,
    )
