"""Paying in parts: compared, signed with a code that was sent, and never beyond the limits."""

import hashlib
import re

import pytest
import urllib3

from chalicelib.domain.agreements import AgreementState, ProofKind, terms_digest
from chalicelib.domain.document import DocumentKind
from tests.selfpay.conftest import Visitor
from tests.unit.messages.test_agreement import text_of


@pytest.fixture
def inside(world, visitor) -> Visitor:
    visitor.enter(world.link())
    return visitor


def codes_of(text: str) -> list[str]:
    return re.findall(r'href="/pagar/plan/([^"]+)"', text)


def test_a_plan_is_signed_with_the_code_that_was_sent(world, inside):
    offers = codes_of(inside.get("/pagar/plan").text)
    assert len(offers) == 2  # nothing is forgiven, so all at once is no agreement
    plan = inside.get(f"/pagar/plan/{offers[0]}")
    assert "En total paga" in plan.text

    form = inside.send(plan)
    assert form.path == f"/pagar/firma/{offers[0]}"
    code_id = re.search(r'name="code_id" value="([^"]+)"', form.text)[1]
    wrong = inside.send(form, code_id=code_id, code="000000")
    assert wrong.status == 422
    assert "El código no es correcto" in wrong.text
    assert world.file.agreements == ()

    signed = inside.send(wrong, code_id=code_id, code=world.code())

    made = world.file.agreements[0]
    assert signed.path == f"/pagar/acuerdo/{made.agreement_id}"
    assert "Está vigente" in signed.text
    assert (made.state, made.proof.kind) == (AgreementState.ACTIVE, ProofKind.CODE)
    assert sum(share.amount_minor for share in made.shares) == 100_000
    assert [one.kind for one in world.file.documents] == [DocumentKind.AGREEMENT]
    assert f"/pagar/documentos/{made.document_id}" in signed.text
    assert "Ver mi acuerdo" in inside.get("/pagar/cuenta").text
    assert inside.get("/pagar/plan").path == signed.path


def test_the_document_of_an_agreement_is_opened_and_read(world, inside):
    offer = codes_of(inside.get("/pagar/plan").text)[0]
    form = inside.send(inside.get(f"/pagar/plan/{offer}"))
    code_id = re.search(r'name="code_id" value="([^"]+)"', form.text)[1]
    inside.send(form, code_id=code_id, code=world.code())
    made, (paper,) = world.file.agreements[0], world.file.documents

    status, _, headers = inside._once("GET", f"/pagar/documentos/{paper.document_id}", None, {})
    assert status == 303
    got = urllib3.request("GET", headers["location"])

    assert (got.status, got.headers["content-type"]) == (200, "application/pdf")
    assert "attachment" in got.headers["content-disposition"]
    assert hashlib.sha256(got.data).hexdigest() == paper.sha256
    text = text_of(got.data)
    for wanted in (world.file.head.name, paper.code, "$1,000.00", terms_digest(made)[:20]):
        assert wanted in text, wanted
    for share in made.shares:
        assert f"{share.amount_minor / 100:,.2f}" in text


def test_who_says_what_they_can_pay_is_offered_no_more(inside):
    page = inside.get("/pagar/plan?puedo=90,00")
    for code in codes_of(page.text):
        assert code.endswith("-9000")
        plan = inside.get(f"/pagar/plan/{code}")
        later = re.findall(r'<td class="num">\$([\d.,]+)', plan.text)[1:]
        assert later
        assert all(float(one.replace(",", "")) <= 90 for one in later)
    assert inside.get("/pagar/plan?puedo=nada").status == 422


def test_an_address_that_was_changed_offers_nothing_more(world, inside):
    for code in ("plan-999-monthly-0", "settlement-0-monthly-0", "../x", "plan-3-daily-0"):
        page = inside.get(f"/pagar/plan/{code.replace('/', '%2F')}")
        assert page.path == "/pagar/plan"
    assert inside.get("/pagar/acuerdo/agr_1").status == 404


def test_the_agreement_of_another_is_not_found(world, inside):
    offers = codes_of(inside.get("/pagar/plan").text)
    form = inside.send(inside.get(f"/pagar/plan/{offers[0]}"))
    code_id = re.search(r'name="code_id" value="([^"]+)"', form.text)[1]
    inside.send(form, code_id=code_id, code=world.code())
    stranger = Visitor(world.served)
    stranger.enter(world.link(world.another_case()))
    made = world.file.agreements[0]
    assert stranger.get(f"/pagar/acuerdo/{made.agreement_id}").status == 404
    assert stranger.get(f"/pagar/documentos/{made.document_id}").status == 404
