"""The texts that come with the product: lawful, plain and kind, in every country and language."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from chalicelib.domain import defaults
from chalicelib.domain.bank_references import EXAMPLE
from chalicelib.domain.contact import Attempt, AttemptState, Cause, Channel, Direction
from chalicelib.domain.offer import Offer
from chalicelib.messages import engine, lint, ready
from chalicelib.messages.facts import build
from chalicelib.messages.formats import Amount
from chalicelib.messages.render import render
from chalicelib.messages.template import CHANNELS, LANGUAGES, Stage
from chalicelib.messages.variables import VARIABLES
from tests.builders import NOW, a_case, moratory
from tests.unit.messages.builders import identified, required, some_facts

TEXTS = ready.texts()
MONEY = Amount(25_000, "MXN")
#: A case that has everything, so that every text can be written for it.
EVERYTHING = {
    "promise_amount": MONEY,
    "promise_on": date(2026, 11, 27),
    "payment_amount": MONEY,
    "paid_on": date(2026, 11, 20),
    "payment_reference": "R-9",
    "instalment_number": 3,
    "instalment_count": 12,
    "instalment_amount": MONEY,
    "instalment_on": date(2026, 11, 30),
    "offer_amount": MONEY,
    "offer_saving": MONEY,
    "offer_until": date(2026, 12, 6),
}


def full(language: str, country: str = "MX", **values):
    known = some_facts(portfolio=identified(country), language=language)
    return replace(known, **EVERYTHING | values)


def test_every_family_has_every_channel_in_every_language() -> None:
    wanted = {
        (family, channel, language)
        for family in ready.families()
        for channel in CHANNELS
        for language in LANGUAGES
    }

    assert set(TEXTS) == wanted
    assert {family.stage for family in ready.families().values()} == set(Stage)


@pytest.mark.parametrize("country", sorted(defaults.BY_CODE))
def test_every_text_passes_in_every_country(country: str) -> None:
    for language in LANGUAGES:
        later = full(language, country, first_contact=False)
        for key, text in TEXTS.items():
            if key[2] != language:
                continue
            found = lint.lint(text, country=country, required=required(country), facts=[later])
            left = [each for each in found if each.code != "many_segments"]
            assert left == [], (key, left)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_says_who_writes_and_is_written_whole(language: str) -> None:
    known = full(language)

    for (_, channel, spoken), text in TEXTS.items():
        if spoken != language:
            continue
        sent = render(text, known)
        assert "Mueblería La Esquina" in sent.text or "Muebleria La Esquina" in sent.text
        assert not re.search(r"\{\{|\{%|None|Amount\(|  \S", sent.text), sent.text
        assert (sent.subject != "") == (channel in (Channel.EMAIL, Channel.LETTER))
        assert (sent.html != "") == (channel is Channel.EMAIL)


def test_reminders_name_the_amount_but_never_aloud() -> None:
    for (family, channel, language), text in TEXTS.items():
        if ready.families()[family].stage in (Stage.SERVICE, Stage.OFFER):
            continue
        sent = render(
            text,
            full(
                language,
                due_amount=Amount(123_456, "MXN"),
                instalment_amount=Amount(123_456, "MXN"),
                promise_amount=Amount(123_456, "MXN"),
                total=Amount(123_456, "MXN"),
            ),
        )
        said = any(shape in sent.text for shape in ("1,234.56", "1.234,56"))
        assert said == (channel is not Channel.CALL), (family, channel, language)


def test_a_first_name_is_used_where_there_is_room_and_the_link_where_one_pays() -> None:
    for (family, channel, language), text in TEXTS.items():
        names = engine.used(engine.parse(text.body))
        if channel in (Channel.WHATSAPP, Channel.EMAIL, Channel.LETTER):
            assert "first_name" in names
        pays = ready.families()[family].pays and channel is not Channel.CALL
        assert ("how_to_pay" in names) == pays, (family, channel, language)


def test_a_payment_that_settles_says_so() -> None:
    text = TEXTS["payment_thanks", Channel.EMAIL, "es"]
    nothing = Amount(0, "MXN")

    assert "Su cuenta quedó pagada" in render(text, full("es", total=nothing)).text
    assert "Su cuenta quedó pagada" not in render(text, full("es")).text


def test_the_split_of_a_formal_notice_adds_up_to_its_total() -> None:
    known = full("es")
    parts = (known.principal, known.interest, known.moratory, known.fees)

    assert sum(part.minor for part in parts) == known.total.minor
    sent = render(TEXTS["notice_formal", Channel.LETTER, "es"], known).text
    for label in ("Capital: $1,000.00", "Intereses de mora: $0.00", "Cargos: $0.00"):
        assert label in sent


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.LETTER])
def test_a_page_says_the_cases_own_account_where_there_is_one(
    channel: Channel, language: str
) -> None:
    text = TEXTS["reminder_firm", channel, language]
    numbers = (EXAMPLE.clabe, EXAMPLE.cash_reference)

    told = render(text, full(language, bank="STP", beneficiary="Uno", clabe=EXAMPLE.clabe))
    both = render(text, full(language, cash_where="OXXO", cash_reference=EXAMPLE.cash_reference))

    assert EXAMPLE.clabe in told.text
    assert EXAMPLE.cash_reference not in told.text
    assert EXAMPLE.cash_reference in both.text
    assert not any(number in render(text, full(language)).text for number in numbers)


SENTENCE = re.compile(r"(?<=[.!?:])\s+")
VOWELS = re.compile(r"[aeiouáéíóúüâêôãõàyAEIOU]+")


def sentences(language: str) -> list[list[str]]:
    """What the texts of a language say, in sentences of words; the law's part is not ours."""
    read = []
    for (_, channel, spoken), text in TEXTS.items():
        if spoken == language and channel in (Channel.WHATSAPP, Channel.EMAIL):
            known = full(language)
            said = replace(known, identification=dict.fromkeys(Channel, "X."))
            body = re.sub(r"https?://\S+|\d[\d.,/]*\d", "1", render(text, said).text)
            for line in body.splitlines():
                read += [s.split() for s in SENTENCE.split(line) if len(s.split()) > 2]
    return read


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_child_of_twelve_can_read_them(language: str) -> None:
    """Fernández Huerta's and Flesch's measures, by vowel groups: 70 and more is 'fairly easy'."""
    read = sentences(language)
    words = [word for sentence in read for word in sentence]
    syllables = sum(max(1, len(VOWELS.findall(word))) for word in words) / len(words)
    length = len(words) / len(read)
    ease = {
        "es": 206.84 - 60 * syllables - 1.02 * length,
        "en": 206.835 - 84.6 * syllables - 1.015 * length,
        "pt": 248.835 - 84.6 * syllables - 1.015 * length,  # Martins et al., 1996
    }[language]

    assert ease > 70, (language, ease)
    assert length < 12
    assert max(len(sentence) for sentence in read) <= 26, max(read, key=len)


def test_the_offer_stands_as_it_was_made() -> None:
    portfolio = identified()
    portfolio = replace(
        portfolio,
        policies=replace(
            portfolio.policies,
            moratory=moratory(),
            agreements=replace(portfolio.policies.agreements, max_discount_principal_ppm=300_000),
        ),
    )
    file = a_case(portfolio=portfolio)
    offered = datetime(2026, 11, 12, 18, 0, tzinfo=UTC)
    sent = Attempt(
        attempt_id="att_1",
        channel=Channel.EMAIL,
        direction=Direction.OUT,
        state=AttemptState.DELIVERED,
        cause=Cause(kind="strategy"),
        created_at=offered,
        sent_at=offered,
        template_id="offer_discount",
    )

    then = some_facts(file, portfolio=portfolio, now=offered)
    later = some_facts(replace(file, attempts=(sent,)), portfolio=portfolio, now=NOW)
    over = some_facts(
        replace(file, attempts=(sent,)), portfolio=portfolio, now=NOW + timedelta(days=10)
    )

    assert later.total.minor > then.total.minor  # interest went on
    assert (later.offer_amount, later.offer_until) == (then.offer_amount, date(2026, 11, 26))
    assert over.offer_until == date(2026, 12, 16)


def test_a_strategy_offers_less_than_the_most_and_never_more() -> None:
    portfolio = identified()
    agreements = replace(portfolio.policies.agreements, max_discount_principal_ppm=300_000)
    portfolio = replace(portfolio, policies=replace(portfolio.policies, agreements=agreements))
    file = a_case(portfolio=portfolio)

    def offered(offer: Offer | None) -> tuple[int, date]:
        said = build(file, portfolio, now=NOW, offer=offer)
        assert said.offer_saving is not None
        assert said.offer_until is not None
        return said.offer_saving.minor, said.offer_until

    assert offered(None) == (30_000, date(2026, 12, 6))
    assert offered(Offer(principal_ppm=100_000, valid_days=5)) == (10_000, date(2026, 11, 27))
    assert offered(Offer(principal_ppm=900_000, valid_days=5)) == (30_000, date(2026, 11, 27))


def test_every_variable_is_used_by_some_text_or_is_documented_as_more() -> None:
    used = {name for text in TEXTS.values() for name in engine.used(engine.parse(text.body))}
    more = {"days_late", "days_left", "overdue", "product", "debts_count", "email", "agent"}
    more |= {"agency", "complaints", "payment_means", "unsubscribe_link", "full_name", "reference"}

    assert used <= set(VARIABLES)
    assert set(VARIABLES) - used <= more


def test_every_variable_and_family_is_in_the_manual() -> None:
    manual = (Path(__file__).resolve().parents[3] / "docs" / "templates.md").read_text()

    for name, variable in VARIABLES.items():
        always = "always" if variable.always else "some cases"
        assert f"| `{name}` | {variable.kind} | {always} |" in manual, name
    for name, family in ready.families().items():
        assert f"| `{name}` | {family.stage} |" in manual, name


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_no_reminder_says_today_or_tomorrow(language: str) -> None:
    """It may have waited for a lawful hour over a weekend: it names the day instead."""
    words = re.compile(r"\b(hoy es|mañana|due today|today is|tomorrow|hoje é|amanhã)\b", re.I)

    said = {
        key[0]: words.findall(f"{text.subject} {text.body}")
        for key, text in ready.texts().items()
        if key[2] == language
    }

    assert {family for family, found in said.items() if found} == set()
