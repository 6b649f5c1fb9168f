"""One-time codes: to the debtor only, good once, and nowhere to be read."""

import re
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from chalicelib.domain.case import ContactKind
from chalicelib.domain.contact import AttemptState, Channel, ConsentState, NotSent
from chalicelib.domain.errors import CodeNotSent, CodeNotValid, TooManyAttempts
from chalicelib.services import one_time_codes
from chalicelib.services.one_time_codes import Means
from tests.builders import NOW, a_debt, a_draft, a_portfolio, change_of, reopened
from tests.contact_world import OnePortfolio, Provider
from tests.fakes import MemoryCases

SOON = NOW + timedelta(minutes=2)


class Codes(dict):
    def add(self, code):
        self[code.code_id] = code

    def save(self, code):
        if self[code.code_id].version != code.version:
            return False
        self[code.code_id] = replace(code, version=code.version + 1)
        return True


class Turns(dict):
    def take(self, name, *, most, within_s, now):
        self[name, within_s] = self.get((name, within_s), 0) + 1
        return self[name, within_s] <= most


@pytest.fixture
def cases():
    store = MemoryCases()
    draft = a_draft(a_debt())
    draft.put_contact(ContactKind.EMAIL, "jose@example.com", source="upload")
    draft.put_contact(ContactKind.PHONE, "+525599990000", source="upload", party="reference")
    store.commit(change_of(draft))
    return store


@pytest.fixture
def case_id(cases):
    return next(iter(cases.files))


@pytest.fixture
def provider():
    return Provider()


@pytest.fixture
def means(cases, provider):
    numbers = count(111_111, 111_111)
    return Means(
        codes=Codes(),
        turns=Turns(),
        cases=cases,
        portfolios=OnePortfolio(a_portfolio()),
        sender=lambda channel: provider,
        key=lambda: b"k" * 32,
        problem=lambda error: None,
        below=lambda most: next(numbers) % most,
    )


def confirm(case_id, means, subject="agr_1", **values):
    return one_time_codes.confirm(
        case_id, "agreement", subject, by="user:ana", means=means, now=NOW, **values
    )


def check(code, given, means, **values):
    asked = {"case_id": code.case_id, "purpose": "agreement", "subject": "agr_1", "now": SOON}
    return one_time_codes.check(code.code_id, given, means=means, **asked | values)


def digits(message):
    return re.search(r"\d{6}", message.content.text)[0]


def test_it_goes_to_the_debtors_phone_and_is_good_once(case_id, means, provider):
    code = confirm(case_id, means)

    (message,) = provider.got
    assert (message.channel, message.content.to) == (Channel.SMS, "+525512345678")
    proof = check(code, f" {digits(message)[:3]} {digits(message)[3:]} ", means)
    assert (proof.channel, proof.contact_id) == ("sms", code.contact_id)
    with pytest.raises(CodeNotValid):
        check(code, digits(message), means)


def test_nobody_reads_it_on_the_case(case_id, cases, means, provider):
    confirm(case_id, means)

    (attempt,) = cases.open(case_id).attempts
    assert attempt.state is AttemptState.SENT
    assert attempt.content.text == provider.got[0].content.text.replace(
        digits(provider.got[0]), one_time_codes.MASKED
    )
    assert digits(provider.got[0]) not in repr(cases.open(case_id))
    assert digits(provider.got[0]) not in repr(means.codes)


@pytest.mark.parametrize(
    "other",
    [
        {"subject": "agr_2"},
        {"purpose": "cash"},
        {"case_id": "cas_2"},
        {"now": NOW + timedelta(minutes=10)},
    ],
    ids=["another agreement", "another purpose", "another case", "too late"],
)
def test_it_is_good_for_nothing_else(case_id, means, provider, other):
    code = confirm(case_id, means)

    with pytest.raises(CodeNotValid):
        check(code, digits(provider.got[0]), means, **other)


def test_five_tries_are_all(case_id, means, provider):
    code = confirm(case_id, means)

    for _ in range(5):
        with pytest.raises(CodeNotValid):
            check(code, "000000", means)
    with pytest.raises(CodeNotValid):
        check(code, digits(provider.got[0]), means)


def test_it_does_not_go_where_messages_were_refused(case_id, cases, means, provider):
    draft = reopened(cases.open(case_id))
    draft.consent(ConsentState.REFUSED, channel=Channel.SMS, source="sms", words="BAJA")
    cases.commit(change_of(draft))

    confirm(case_id, means)

    assert [message.channel for message in provider.got] == [Channel.EMAIL]


def test_what_one_provider_refuses_goes_by_the_next(case_id, means, provider):
    provider.refusals.append(NotSent("sender_missing"))

    code = confirm(case_id, means)

    assert [message.channel for message in provider.got] == [Channel.EMAIL]
    check(code, digits(provider.got[0]), means)


def test_who_asks_is_told_that_nothing_went(case_id, means, provider):
    provider.refusals += [NotSent("sender_missing"), NotSent("unavailable")]

    with pytest.raises(CodeNotSent) as refused:
        confirm(case_id, means)

    assert refused.value.details == {"reason": "unavailable"}


def test_sending_twice_sends_once(case_id, means, provider):
    code = confirm(case_id, means)

    one_time_codes.send(code.code_id, means=means, now=SOON)

    assert len(provider.got) == 1


def test_not_to_the_phone_that_has_the_link(case_id, cases, means, provider):
    phone = next(one for one in cases.open(case_id).contacts if one.value == "+525512345678")
    asked = one_time_codes.ask(
        case_id,
        "door",
        "",
        by="debtor",
        means=means,
        now=NOW,
        apart_from=phone.contact_id,
    )

    one_time_codes.send(asked.code_id, means=means, now=NOW)

    assert [message.channel for message in provider.got] == [Channel.EMAIL]


def test_cash_names_the_amount(case_id, means, provider):
    one_time_codes.confirm(
        case_id, "cash", "r-1", by="user:ana", means=means, now=NOW, amount_minor=50_000
    )

    assert "$500.00" in provider.got[0].content.text


def test_it_counts_under_no_cap(case_id, cases, means):
    from chalicelib.services import contacting

    confirm(case_id, means)

    assert list(contacting.history(cases.open(case_id).attempts)) == []


def test_a_case_gets_three_in_a_quarter_of_an_hour(case_id, means):
    for _ in range(3):
        confirm(case_id, means)

    with pytest.raises(TooManyAttempts):
        confirm(case_id, means)
