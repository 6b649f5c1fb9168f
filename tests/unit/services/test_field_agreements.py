"""Agreements signed at the door: offered for the day, put in force as signed, or told why not."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.agreement import Offer, Share
from chalicelib.domain.agreements import AgreementKind, AgreementState, ProofKind
from chalicelib.domain.case import ContactKind
from chalicelib.domain.contact import AttemptState, Channel
from chalicelib.domain.errors import (
    AgreementBeyondLimits,
    AgreementInForce,
    AgreementOutdated,
    BadField,
    CaseNotFound,
    NotProven,
)
from chalicelib.domain.field import ShowAmount
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.plain import from_plain
from chalicelib.services import agreement_papers, field_agreements, issued, papers_out
from tests.builders import NOW, change_of, reopened
from tests.money_world import Shelf
from tests.unit.messages.test_statement import words_of
from tests.visit_world import ANA, PHOTO, Street

SIGNATURE = PHOTO | {"photo_id": "pho_s", "kind": "signature", "sha256": "5" * 64}
VISIT = "vis_0000000001"


@pytest.fixture
def street():
    return Street()


def visited(street, photos=(SIGNATURE,)):
    street.visit(
        met={"who": "holder", "name": ""}, disposition="agreement_signed", photos=list(photos)
    )


def offers(street, *, actor=ANA, now=NOW, case_ids=None):
    found = field_agreements.offered(
        case_ids or [street.case_id], actor=actor, cases=street.cases, portfolios=street, now=now
    )
    return found["items"]


def sign(street, chosen, *, now=NOW, signed_at=NOW, actor=ANA, issue=None, **changes):
    given = {
        "offer": from_plain(Offer, chosen["offer"]),
        "kind": AgreementKind(chosen["kind"]),
        "shares": [from_plain(Share, one) for one in chosen["shares"]],
    } | changes
    return field_agreements.sign(
        street.case_id, VISIT, signed_at=signed_at, issue=issue or (lambda *_: ""), actor=actor,
        cases=street.cases, portfolios=street, now=now, **given,
    )  # fmt: skip


def plan_of(street):
    (item,) = offers(street)
    return next(one for one in item["offers"] if one["kind"] == "plan")


def told(street):
    return [one for one in street.file.attempts if one.template_id == "agreement_refused"]


# Offered


def test_the_phone_gets_what_may_be_signed_and_what_it_comes_to(street):
    (item,) = offers(street)

    assert item["why"] == ""
    assert {one["kind"] for one in item["offers"]} >= {"plan", "settlement"}
    for one in item["offers"]:
        assert sum(share["amount_minor"] for share in one["shares"]) == one["to_pay_minor"]
        assert one["owed_minor"] - one["saved_minor"] == one["to_pay_minor"]


def test_nothing_is_offered_where_the_amount_is_hidden_or_of_others_cases(street):
    plan = plan_of(street)
    visited(street)
    sign(street, plan)
    assert offers(street)[0]["why"] == "in_force"
    field = replace(street.portfolio.policies.field, show_amount=ShowAmount.BAND)
    street.portfolio = replace(
        street.portfolio, policies=replace(street.portfolio.policies, field=field)
    )
    assert (offers(street)[0]["why"], offers(street)[0]["offers"]) == ("hidden", [])
    stranger = Actor(actor_id="user:x", role=Role.AGENT, portfolios=("prt_other",))
    assert offers(street, actor=stranger) == []


# Signed


def test_what_was_signed_is_in_force_with_the_visit_as_proof(street):
    plan = plan_of(street)
    visited(street)

    signed = sign(street, plan)

    assert signed.state is AgreementState.ACTIVE
    assert (signed.proof.kind, signed.proof.reference) == (ProofKind.SIGNATURE, VISIT)
    assert signed.proof.sha256 == "5" * 64
    assert [one.amount_minor for one in signed.shares] == [
        one["amount_minor"] for one in plan["shares"]
    ]
    version = street.file.head.version
    assert sign(street, plan) == signed  # the phone sends it again
    assert street.file.head.version == version


def test_the_debtor_gets_the_paper_that_the_phone_opens(street):
    """The PDF itself: issued in the same change, in the message and in the case's documents."""
    draft = reopened(street.file, street.portfolio)
    draft.put_contact(ContactKind.EMAIL, "ana@example.com")
    street.cases.commit(change_of(draft))
    shelf, plan = Shelf(), plan_of(street)
    visited(street)

    signed = sign(
        street, plan,
        issue=agreement_papers.issuer(issued.Means(files=shelf, site="https://x"), NOW),
    )  # fmt: skip

    file = street.file
    (document,) = file.documents
    assert (document.document_id, document.of) == (signed.document_id, signed.agreement_id)
    (message,) = [one for one in file.attempts if one.template_id == "agreement_signed"]
    assert (message.state, message.channel) == (AttemptState.PLANNED, Channel.EMAIL)
    ((name, media_type, body),) = papers_out.enclosed(file, message, shelf)
    assert (name, media_type) == (document.filename, "application/pdf")
    assert hashlib.sha256(body).hexdigest() == document.sha256
    said = words_of(body)
    for share in signed.shares:
        assert f"{share.amount_minor // 100:,}.{share.amount_minor % 100:02}" in said
    assert document.code in said

    sign(street, plan, issue=_never)  # the phone sends it again
    assert len(street.file.documents) == 1


def _never(*_):
    raise AssertionError("issued twice")


def test_it_may_come_days_later_and_is_what_was_signed(street):
    """Interest that accrued since is not added to what the debtor signed."""
    plan = plan_of(street)
    visited(street)

    signed = sign(street, plan, now=NOW + timedelta(days=4))

    assert signed.made_at == NOW
    assert signed.to_pay_minor == plan["to_pay_minor"]


def test_without_the_visit_or_its_signature_there_is_no_yes(street):
    plan = plan_of(street)
    with pytest.raises(NotProven) as refused:
        sign(street, plan)
    assert refused.value.details["reason"] == "no_visit"
    visited(street, photos=())
    with pytest.raises(NotProven) as refused:
        sign(street, plan)
    assert refused.value.details["reason"] == "no_signature"
    assert told(street) == []  # nothing was signed that could be refused


def test_a_visit_of_another_agent_proves_nothing(street):
    plan = plan_of(street)
    visited(street)
    with pytest.raises(NotProven):
        sign(street, plan, actor=replace(ANA, actor_id="user:eva"))
    with pytest.raises(CaseNotFound):
        sign(street, plan, actor=replace(ANA, portfolios=("prt_other",)))


@pytest.mark.parametrize("moved", [timedelta(days=-15), timedelta(minutes=11)])
def test_a_moment_that_cannot_be_is_refused(street, moved):
    plan = plan_of(street)
    visited(street)
    with pytest.raises(BadField):
        sign(street, plan, signed_at=NOW + moved)


# Refused


def paid(street):
    street.do(lambda d: d.pay(50_000, paid_on=d.today, source="manual", reference="R-1"))


def lowered(street):
    limits = replace(street.portfolio.policies.agreements, max_instalments=1)
    street.portfolio = replace(
        street.portfolio, policies=replace(street.portfolio.policies, agreements=limits)
    )


@pytest.mark.parametrize(
    ("meanwhile", "error"), [(paid, AgreementOutdated), (lowered, AgreementBeyondLimits)]
)
def test_what_can_be_put_in_force_no_more_is_told_to_the_debtor_once(street, meanwhile, error):
    (item,) = offers(street)
    plan = max(item["offers"], key=lambda one: len(one["shares"]))
    visited(street)
    meanwhile(street)

    for _ in range(2):  # the agent tries again
        with pytest.raises(error):
            sign(street, plan)

    assert street.file.agreements == ()
    (message,) = told(street)
    assert message.state is AttemptState.PLANNED
    (task,) = [one for one in street.file.tasks if one.cause.step == "agreement_refused"]
    assert task.cause.answers == VISIT
    kinds = [event.kind for event in street.file.events]
    assert kinds.count("agreement.not_taken") == 1


def test_other_payments_than_those_that_were_seen_bind_nobody(street):
    plan = plan_of(street)
    visited(street)
    more = [replace(from_plain(Share, plan["shares"][0]), amount_minor=1)]
    with pytest.raises(AgreementOutdated):
        sign(street, plan, shares=more)
    assert street.file.agreements == ()


def test_one_that_was_agreed_meanwhile_stays(street):
    plan = plan_of(street)
    visited(street)
    sign(street, plan)
    street.visit(
        visit_id="vis_0000000002", met={"who": "holder", "name": ""},
        disposition="agreement_signed", photos=[SIGNATURE],
    )  # fmt: skip
    with pytest.raises(AgreementInForce):
        field_agreements.sign(
            street.case_id, "vis_0000000002", offer=from_plain(Offer, plan["offer"]),
            kind=AgreementKind.PLAN, shares=[from_plain(Share, one) for one in plan["shares"]],
            signed_at=NOW, issue=lambda *_: "", actor=ANA, cases=street.cases, portfolios=street,
            now=NOW,
        )  # fmt: skip
    assert len(street.file.agreements) == 1
    assert len(told(street)) == 1
