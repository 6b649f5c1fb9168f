"""One message being answered: what is known, and what has been said and decided so far."""

import functools
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from importlib import resources
from typing import Any

from chalicelib.conversation import wording
from chalicelib.conversation.facts import Debtor, House
from chalicelib.conversation.folding import fold
from chalicelib.conversation.turns import Effect, EffectKind, Reply, Stage, Talk, Turn
from chalicelib.conversation.understanding import Reading, understand
from chalicelib.conversation.words import Language
from chalicelib.domain.contact import Inbound

# Somebody else may hold the phone tomorrow: the second fact is asked again after this.
IDENTITY_LASTS = timedelta(hours=12)
MENU = ("balance", "pay", "promise", "paid", "human", "dispute", "stop")
STRANGERS_MENU = ("human", "not_me", "stop")
# A debtor's own words are kept with what they led to, but not novels.
LONGEST_WORDS = 1000


class Exchange:
    """
    Everything a part of the dialogue needs, and where it leaves its answers.

    Args:
        choice: Code of the option taken, by tap, by its number or by its title; empty if none.
    """

    def __init__(
        self, talk: Talk, said: Inbound, *, house: House, debtors: Sequence[Debtor], now: datetime
    ) -> None:
        self.talk, self.said, self.house, self.now = talk, said, house, now
        self.debtors = tuple(debtors)
        self.text = said.text[:LONGEST_WORDS]
        self.folded = fold(self.text)
        self.kind = said.extras.get("kind", "text")
        self.choice = ""
        self.reading: Reading = understand("", talk.language, house.today)
        self.intent = ""
        self._replies: list[Reply] = []
        self._effects: list[Effect] = []

    @property
    def language(self) -> Language:
        return self.talk.language

    @property
    def debtor(self) -> Debtor | None:
        """The identified one, while identity lasts and the case is still there."""
        at = self.talk.identified_at
        if not self.talk.case_id or at is None or self.now - at > IDENTITY_LASTS:
            return None
        return next(
            (one for one in self.debtors if one.case_id == self.talk.case_id and one.may_know),
            None,
        )

    def read(self, text: str) -> None:
        """Understand words in the conversation's language."""
        self.text, self.folded = text, fold(text)
        self.reading = understand(text, self.language, self.house.today)

    def says(self, reason: str) -> bool:
        """Say whether the words give *reason* (``patterns/reasons.json``), in any language."""
        return any(
            pattern.search(self.folded) for pattern in (_reasons(one)[reason] for one in Language)
        )

    # What comes out

    def say(self, code: str, *options: str, titles: dict[str, str] | None = None, **v: str) -> None:
        """Answer with a text; *options* are offered with it and remembered."""
        given = titles or {}
        text = wording.text(code, self.language, creditor=self._creditor(), **v)
        # WhatsApp shows no choices under a longer text; it understands words and numbers anyway.
        shown = options if len(text) <= wording.LONGEST_WITH_BUTTONS else ()
        buttons = tuple((o, given.get(o) or self._title(o)) for o in shown)
        self._replies.append(Reply(code=code, text=text, buttons=buttons))
        if options:
            self.change(options=shown)

    def do(self, kind: EffectKind, **values: Any) -> None:
        self._effects.append(Effect(kind=kind, **values))

    def change(self, **values: Any) -> None:
        self.talk = replace(self.talk, **values)

    def move(self, stage: Stage) -> None:
        if stage is not self.talk.stage:
            self.change(stage=stage, since=self.now)

    def turn(self) -> Turn:
        return Turn(
            talk=self.talk,
            replies=tuple(self._replies),
            effects=tuple(self._effects),
            intent=self.intent,
        )

    # How things are written

    def money(self, minor: int, currency: str) -> str:
        return wording.amount(minor, currency, language=self.language, country=self.house.country)

    def day(self, on: date) -> str:
        return wording.day(on, language=self.language, country=self.house.country)

    def short_day(self, on: date) -> str:
        return wording.short_day(on, language=self.language, country=self.house.country)

    def contact(self) -> str:
        line = "" if self._unnamed() else self.house.contact_line
        return wording.text("human.contact", self.language, contact=line) if line else ""

    def _unnamed(self) -> bool:
        return self.house.shared and self.debtor is None

    def _creditor(self) -> str:
        return wording.text("house.shared", self.language) if self._unnamed() else self.house.name

    def _title(self, option: str) -> str:
        return wording.text(f"option.{option}", self.language)


@functools.cache
def _reasons(language: Language) -> dict[str, re.Pattern[str]]:
    file = resources.files(__package__) / "patterns" / "reasons.json"
    read = json.loads(file.read_text(encoding="utf-8"))[language.value]
    return {name: re.compile("|".join(f"(?:{p})" for p in ps)) for name, ps in read.items()}
