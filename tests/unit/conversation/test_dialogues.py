"""
Whole conversations, kept as data in ``dialogues/``.

A line of a dialogue is what the debtor writes (``> text``, ``> (code)`` a tap, ``> [image key]
caption``), which texts answer (``< code``, ``< -`` none), what must be among the words (``~``),
what follows (``! effect``), the stage then (``= stage``), or that time passes (``+ 25h``). Lines
before the first ``>`` set the scene (``set name value``).
"""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.conversation.dialogue import handed_back, step, taken_over
from chalicelib.conversation.facts import Debtor, House, Owed
from chalicelib.conversation.language import detect
from chalicelib.conversation.turns import Talk
from chalicelib.conversation.wording import BUTTON_LENGTH, MOST_BUTTONS, ROW_LENGTH, codes, raw
from chalicelib.conversation.words import Language
from chalicelib.domain.contact import Channel, Inbound
from chalicelib.domain.plain import from_plain, to_plain
from tests.unit.conversation.test_understanding import phrases

HERE = Path(__file__).parent / "dialogues"
NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
ANA = Debtor(
    case_id="ana",
    contact_id="con_1",
    tax_id="GODE561231GR8",
    currency="MXN",
    total_minor=150050,
    owed=(
        Owed(
            product="Préstamo", external_id="LN-20019", due_on=date(2026, 10, 1), owed_minor=50050
        ),
        Owed(product="", external_id="LN-20020", due_on=date(2026, 11, 1), owed_minor=100000),
    ),
)


class Scene:
    """The creditor, the cases that have the number, and the conversation so far."""

    def __init__(self) -> None:
        self.house = House(
            name="Créditos del Valle",
            country="MX",
            today=date(2026, 11, 22),
            contact_line="55 1234 5678",
        )
        self.debtors = [ANA]
        self.talk = Talk(language=Language.ES)
        self.now = NOW

    def set(self, name: str, value: str) -> None:
        if name == "language":
            self.talk = replace(self.talk, language=Language(value))
        elif name == "stranger":
            self.debtors = []
        elif name == "shared":
            self.house = replace(self.house, shared=True)
        elif name == "office":
            self.house = replace(self.house, office_open=value == "open")
        elif name in ("country", "contact_line", "payment_means"):
            self.house = replace(self.house, **{name: value})
        elif name == "promised":
            minor, on = value.split()
            self._debtor(promised_minor=int(minor), promised_on=date.fromisoformat(on))
        elif name in ("total_minor", "broken"):
            self._debtor(**{name: int(value)})
        elif name == "reachable":
            self._debtor(reachable=value == "yes")
        elif name in ("party", "pay_url", "currency", "tax_id"):
            self._debtor(**{name: value})
        elif name == "second":
            self.debtors.append(replace(ANA, case_id="eva", tax_id=value, owed=()))
        else:
            raise AssertionError(f"no such setting: {name}")

    def _debtor(self, **values):
        self.debtors[0] = replace(self.debtors[0], **values)

    def hear(self, said: str):
        kind, choice, media, text = "text", "", (), said
        if match := re.fullmatch(r"\((\S+)\)", said):
            choice, text = match[1], ""
        elif match := re.match(r"\[(\w+) ?([^\]]*)\] ?(.*)", said):
            kind, key, text = match[1], match[2], match[3]
            media = ((f"{kind}/x", key),) if key else ()
        elif match := re.fullmatch(r"(.+) x(\d+)", said):
            text = match[1] * int(match[2])
        message = Inbound(
            provider="whatsapp",
            provider_id="m",
            channel=Channel.WHATSAPP,
            sender="+525512345678",
            recipient="+525500000000",
            at=self.now,
            text=text,
            choice=choice,
            media=media,
            extras={"kind": kind},
        )
        turn = step(self.talk, message, house=self.house, debtors=self.debtors, now=self.now)
        # A state is stored between any two messages.
        self.talk = from_plain(Talk, to_plain(turn.talk))
        assert self.talk == turn.talk
        return turn


def effect_text(effect) -> str:
    parts = [effect.kind.value, effect.case_id, effect.reason]
    parts += [str(effect.amount_minor) if effect.amount_minor is not None else ""]
    parts += [effect.on.isoformat() if effect.on else "", *effect.media]
    return " ".join(part for part in parts if part)


def nobody_learns_anything(reply) -> None:
    """Before the second fact no amount, product, account or day of a debt is told."""
    for secret in ("$", "1,500", "1.500", "500", "Préstamo", "LN-", "GODE", "GR8", "2026"):
        assert secret not in reply.text
    assert not re.search(r"(?i)deb[eo]s?\b|deuda|adeudo|d[ií]vida|\bowe|\bdebt", reply.text)


def fits_a_phone(reply) -> None:
    longest = BUTTON_LENGTH if len(reply.buttons) <= MOST_BUTTONS else ROW_LENGTH
    assert len(reply.buttons) <= 10
    assert all(len(title) <= longest for _, title in reply.buttons), reply
    assert len(reply.text) <= 1024


@pytest.mark.parametrize("path", sorted(HERE.glob("*.txt")), ids=lambda path: path.stem)
def test_a_conversation_goes_as_it_should(path):  # noqa: PLR0912 (one branch per mark)
    scene, turn, replies, effects = Scene(), None, [], []

    def done(line: str) -> None:
        assert replies == [], f"{path.name}: more was answered before {line!r}: {replies}"
        assert effects == [], f"{path.name}: more was done before {line!r}: {effects}"

    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        where = f"{path.name}:{number}: {line}"
        mark, _, rest = line.partition(" ")
        if mark == "set":
            name, _, value = rest.partition(" ")
            scene.set(name, value)
        elif mark == "+":
            done(line)
            scene.now += timedelta(hours=int(rest[:-1]))
            scene.house = replace(
                scene.house, today=NOW.date() + timedelta(days=(scene.now - NOW).days)
            )
        elif mark == "taken":
            scene.talk = taken_over(scene.talk, scene.now)
        elif mark == "back":
            scene.talk = handed_back(scene.talk, scene.now)
        elif mark == ">":
            done(line)
            before = scene.talk.case_id
            turn = scene.hear(rest)
            replies = [reply.code for reply in turn.replies] or ["-"]
            effects = [effect_text(effect) for effect in turn.effects]
            for reply in turn.replies:
                fits_a_phone(reply)
                if not before and not scene.talk.case_id:
                    nobody_learns_anything(reply)
        elif mark == "<":
            assert replies, where
            assert replies.pop(0) == rest, where
        elif mark == "!":
            assert effects, where
            assert effects.pop(0) == rest, where
        elif mark == "~":
            said = "\n".join(reply.text for reply in turn.replies).replace("\xa0", " ")
            assert rest in said, f"{where}\n{said}"
        elif mark == "=":
            assert scene.talk.stage.value == rest, where
        else:
            raise AssertionError(where)
    done("the end")


WORDS = st.sampled_from(
    ["hola", "cuánto debo", "4321", "1234 5678", "pago 500 el viernes", "ya pagué", "asesor",
     "no es mía", "menu", "1", "2", "👍", "gracias", "BAJA", "ALTA", "no tengo dinero", "hello"]
)  # fmt: skip


@given(st.lists(st.one_of(WORDS, st.text(max_size=40)), max_size=8))
def test_whether_a_number_is_on_file_cannot_be_told_from_the_answers(texts):
    known, stranger = Scene(), Scene()
    stranger.set("stranger", "yes")

    for text in texts:
        turn, other = known.hear(text), stranger.hear(text)
        assume(not known.talk.case_id)  # nobody hits the second fact by chance
        assert turn.replies == other.replies
        assert turn.effects == other.effects


@given(st.lists(st.one_of(WORDS, st.text(max_size=40)), max_size=8))
def test_a_stop_word_stops_in_every_state(texts):
    scene = Scene()
    scene.hear("hola")
    scene.hear("1GR8")
    for text in texts:
        scene.hear(text)

    turn = scene.hear("Baja")

    assert [effect.kind.value for effect in turn.effects] == ["opt_out"]
    assert [reply.code for reply in turn.replies] == ["stop.done"]


def test_every_text_is_there_in_three_languages_with_the_same_values():
    spanish = codes(Language.ES)
    assert all(codes(language) == spanish for language in Language)
    for code in spanish:
        asked = {
            frozenset(field for _, field, _, _ in Formatter().parse(raw(code, language)) if field)
            for language in Language
        }
        assert len(asked) == 1, code


def test_every_text_is_said_in_some_conversation():
    said = {
        line[2:]
        for path in HERE.glob("*.txt")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("< ")
    }
    parts = {"balance.line", "balance.more", "balance.debt", "human.contact", "office.days",
             "office.day", "house.shared"}  # fmt: skip
    answers = {one for one in codes(Language.ES) if not one.startswith("option.")}
    assert answers - parts <= said


# What a phrase of each intent must lead to, said by somebody identified: an effect or a text.
LEADS_TO = {
    "stop": "opt_out",
    "dispute": "dispute",
    "human": "hand_over",
    "paid": "paid",
    "cannot_pay": "cannot_pay",
    "balance": "balance.",
    "pay": "pay.",
    "promise": "promise.",
    "thanks": "thanks.",
}


@pytest.mark.parametrize("language", Language)
def test_every_phrase_leads_where_it_should(language):
    wrong = []
    for param in phrases():
        own, text, intent, *_ = param.values
        if own is not language or intent not in LEADS_TO:
            continue
        scene = Scene()
        scene.set("language", language)
        scene.hear("1GR8")
        scene.hear("1GR8")
        turn = scene.hear(text)
        led = [effect.kind.value for effect in turn.effects] + [one.code for one in turn.replies]
        if not any(one.startswith(LEADS_TO[intent]) for one in led):
            wrong.append((text, led))

    assert wrong == []


@pytest.mark.parametrize("language", Language)
def test_whoever_writes_a_language_is_not_answered_in_another(language):
    own = [param.values[1] for param in phrases() if param.values[0] is language]
    others = [one for one in Language if one is not language]

    assert [text for text in own if detect(text, language) is not language] == []
    # One message is often enough to be found from a wrong start.
    for before in others:
        assert sum(detect(text, before) is language for text in own) >= 0.7 * len(own)


def test_a_text_too_long_for_choices_goes_without_them():
    scene = Scene()
    scene.set("payment_means", "Cuenta 1234567890. " * 60)
    scene.hear("quiero pagar")

    (reply,) = scene.hear("1GR8").replies

    assert len(reply.text) > 1024
    assert reply.buttons == ()
    assert scene.talk.options == ()
