"""What the gate reads off a case, and what it then says."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.case import Address, ContactKind
from chalicelib.domain.contact import (
    AttemptState,
    Cause,
    Channel,
    ConsentState,
    Content,
    Direction,
    HoldReason,
    Ruling,
)
from chalicelib.domain.draft import after
from chalicelib.domain.portfolio import ContactCap, ContactLimits
from chalicelib.services import contacting
from tests.builders import a_case, a_portfolio, an_attempt, reopened

# A Tuesday at noon in Mexico City, not a holiday.
NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
SAID = Content(to="+525512345678", text="Hola")
ALLOWED = Ruling(at=NOON, allowed=True, reason_code="OK")


def done(file, *steps, now=NOON):
    draft = reopened(file, now=now)
    for step in steps:
        step(draft)
    change = draft.change()
    return after(file, change) if change else file


def reach(file, channel=Channel.WHATSAPP):
    return contacting.reaches(file, channel)[0]


def ruled(file, portfolio=None, channel=Channel.WHATSAPP, now=NOON, **values):
    return contacting.rule(
        file, portfolio or a_portfolio(), reach(file, channel), now=now, **values
    )


def went(key, when, channel=Channel.WHATSAPP, state=AttemptState.SENT, **values):
    return an_attempt(
        key, channel=channel, state=state, created_at=when, sent_at=when, not_before=None, **values
    )


def with_attempts(*attempts):
    return replace(a_case(), attempts=attempts)


def test_a_debtor_of_whom_nothing_is_known_may_be_written_to_at_noon():
    ruling = ruled(a_case())

    assert (ruling.allowed, ruling.reason_code, ruling.at) == (True, "OK", NOON)
    assert ruling.rules.startswith("MX/")


def test_at_night_it_waits_for_the_morning_of_the_debtors_own_zone():
    night = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    tijuana = done(a_case(), lambda d: d.put_contact(ContactKind.PHONE, "+526641234567"))
    tijuana = replace(tijuana, contacts=tijuana.contacts[1:])

    here, there = ruled(a_case(), now=night), ruled(tijuana, now=night)

    assert (here.allowed, here.reason_code) == (False, "OUTSIDE_HOURS")
    assert here.next_allowed_at == datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
    assert there.next_allowed_at == datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


def an_address(**values):
    return Address(**{"address_id": "", "lines": "Calle 5", "country": "MX"} | values)


@pytest.mark.parametrize(
    ("addresses", "phone", "zones"),
    [
        ([], "+525512345678", ("America/Mexico_City",)),
        ([], "+526641234567", ("America/Tijuana",)),
        ([an_address(lat=21.16, lng=-86.85)], "+525512345678",
         ("America/Cancun", "America/Mexico_City")),
        ([an_address(region="Sonora")], "+573001234567", ("America/Hermosillo",)),
        ([an_address(region="Chihuahua")], "+526561234567", ("America/Ciudad_Juarez",)),
        ([an_address(region="Texas", country="US")], "+573001234567", ("America/Mexico_City",)),
    ],
    ids=["phone agrees", "phone", "disagree", "region", "the narrower one", "nothing known"],
)  # fmt: skip
def test_where_a_debtor_may_be(addresses, phone, zones):
    file = replace(
        done(a_case(), lambda d: d.put_contact(ContactKind.PHONE, phone)), addresses=addresses
    )
    point = next(r for r in contacting.reaches(file, Channel.SMS) if r.value == phone)

    assert contacting.time_zones(file, a_portfolio(), point) == zones


@pytest.mark.parametrize(
    ("attempt", "counts"),
    [
        pytest.param(went("a", NOON - timedelta(hours=2)), True, id="sent"),
        pytest.param(
            replace(
                an_attempt(state=AttemptState.RESERVED, ruling=ALLOWED, created_at=NOON),
                not_before=None,
            ),
            True,
            id="being handed over",
        ),
        pytest.param(an_attempt(created_at=NOON), False, id="only planned"),
        pytest.param(went("a", NOON, state=AttemptState.FAILED), False, id="failed"),
        pytest.param(went("a", NOON, cause=Cause(kind="reply")), False, id="an answer"),
        pytest.param(
            went("a", NOON, state=AttemptState.RECEIVED, direction=Direction.IN), False, id="in"
        ),
    ],
)
def test_what_counts_under_the_caps(attempt, counts):
    assert len(list(contacting.history([attempt]))) == counts
    assert ruled(with_attempts(attempt)).allowed is not counts


def test_an_attempt_does_not_count_against_itself():
    file = with_attempts(went("att_1", NOON))

    assert not ruled(file).allowed
    assert ruled(file, leaving_out="att_1").allowed


def test_a_message_that_was_answered_was_a_contact_both_ways():
    heard = went("in", NOON, direction=Direction.IN, state=AttemptState.RECEIVED)
    sent = went("out", NOON - timedelta(hours=1))
    later = went("later", NOON + timedelta(hours=1))

    outcomes = [past.outcome for past in contacting.history([sent, heard, later])]

    assert outcomes == ["answered", ""]


def test_a_refusal_counts_at_once_and_a_later_word_lifts_it():
    file = a_case()
    point = file.contacts[0].contact_id

    def say(state):
        return lambda d: d.consent(
            state, contact_id=point, channel=Channel.WHATSAPP, source="whatsapp"
        )

    refused = done(file, say(ConsentState.REFUSED))
    again = done(refused, say(ConsentState.GIVEN), now=NOON + timedelta(minutes=1))

    assert ruled(refused).reason_code == "OPT_OUT"
    assert ruled(refused, channel=Channel.SMS).allowed
    assert ruled(again, now=NOON + timedelta(minutes=2)).allowed


@pytest.mark.parametrize(
    ("reason", "until", "code", "again"),
    [
        (HoldReason.CEASE, None, "CEASE_REQUEST", None),
        (HoldReason.ATTORNEY, None, "REPRESENTED_BY_ATTORNEY", None),
        (HoldReason.DISPUTE, None, "ON_HOLD", None),
        (HoldReason.ILLNESS, date(2026, 11, 25), "ON_HOLD", datetime(2026, 11, 26, 13, tzinfo=UTC)),
    ],
)
def test_a_hold_stops_contact(reason, until, code, again):
    file = done(a_case(), lambda d: d.hold("hld_1", reason, until=until))

    ruling = ruled(file)

    assert (ruling.allowed, ruling.reason_code, ruling.next_allowed_at) == (False, code, again)


def test_a_wrong_person_a_minor_and_a_reference_are_left_alone():
    file = a_case()
    point = file.contacts[0].contact_id

    wrong = done(file, lambda d: d.mark_contact(point, quality="wrong_person"))
    minor = done(file, lambda d: d.mark_contact(point, party="minor"))
    reference = done(file, lambda d: d.mark_contact(point, party="reference"))

    assert ruled(wrong).reason_code == "WRONG_PERSON"
    assert ruled(minor).reason_code == "MINOR"
    assert ruled(reference).reason_code == "REFERENCE"


def test_where_the_law_asks_for_authorisation_it_must_be_on_file():
    portfolio = a_portfolio(country="CO")
    attested = a_portfolio(
        country="CO", contact=ContactLimits(authorised_channels=(Channel.WHATSAPP,))
    )
    file = a_case()
    point = file.contacts[0].contact_id
    said = done(
        file,
        lambda d: d.consent(
            ConsentState.GIVEN, contact_id=point, channel=Channel.WHATSAPP, source="call"
        ),
    )

    assert ruled(file, portfolio).reason_code == "CHANNEL_NOT_AUTHORIZED"
    assert ruled(said, portfolio).allowed
    assert ruled(file, attested).allowed
    assert ruled(said, portfolio, channel=Channel.SMS).reason_code == "CHANNEL_NOT_AUTHORIZED"


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (ContactLimits(closed_days=(date(2026, 11, 24),)), "HOLIDAY"),
        (ContactLimits(opens_at="13:00"), "OUTSIDE_HOURS"),
        (ContactLimits(closes_at="12:00"), "OUTSIDE_HOURS"),
        (ContactLimits(closed_channels=(Channel.WHATSAPP,)), "CHANNEL_CLOSED"),
        (ContactLimits(caps=(ContactCap(channels=(Channel.WHATSAPP,), most=0,
                                        period="iso_week"),)), "OWN_CAP"),
    ],
)  # fmt: skip
def test_a_portfolio_is_tighter_than_the_law(limits, code):
    assert ruled(a_case(), a_portfolio(contact=limits)).reason_code == code


def test_places_are_tried_best_first():
    file = done(
        a_case(),
        lambda d: d.put_contact(ContactKind.PHONE, "+525511110001", party="guarantor"),
        lambda d: d.put_contact(ContactKind.PHONE, "+525511110002", quality="valid"),
        lambda d: d.put_contact(ContactKind.PHONE, "+525511110003", detail="fixed_line"),
    )

    values = [one.value for one in contacting.reaches(file, Channel.SMS)]

    assert values == ["+525511110002", "+525512345678", "+525511110001"]
    assert len(contacting.reaches(file, Channel.CALL)) == 4


def test_an_answer_asks_for_no_hour_but_for_a_message_to_answer():
    night = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    file = a_case()
    point = file.contacts[0].contact_id
    heard = went(
        "in", night - timedelta(hours=1), direction=Direction.IN,
        state=AttemptState.RECEIVED, contact_id=point,
    )  # fmt: skip
    wrote = replace(file, attempts=(heard,))

    def answered(file, now=night):
        return contacting.rule_answer(file, a_portfolio(), reach(file), now=now)

    assert answered(wrote).allowed
    assert not answered(file).allowed
    assert not answered(wrote, night + timedelta(hours=24)).allowed
    refused = done(wrote, lambda d: d.consent(ConsentState.REFUSED, source="whatsapp"), now=night)
    assert answered(refused).allowed, "one answer confirms the refusal"
    confirmation = went(
        "bye", night + timedelta(seconds=1), contact_id=point, cause=Cause(kind="reply")
    )
    told = replace(refused, attempts=(*refused.attempts, confirmation))
    assert answered(told, night + timedelta(minutes=1)).reason_code == "OPT_OUT"
