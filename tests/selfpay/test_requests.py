"""What a debtor asks about their own data on the page: it lands in the register, numbered."""

from datetime import UTC, datetime

import pytest

from chalicelib import wiring
from chalicelib.domain.data_request import (
    Ground,
    IdentityProof,
    RequestKind,
    RequestState,
    RequestWay,
    Verdict,
)
from chalicelib.domain.people import Actor, Role
from chalicelib.services import data_requests, request_steps
from tests.selfpay.conftest import Visitor
from tests.selfpay.test_attacks import THIEFS_TAX_ID

BOSS = Actor(actor_id="user:ana", role=Role.ADMIN, portfolios=("*",))
STEP = "/pagar/solicitud"


@pytest.fixture
def inside(world, visitor) -> Visitor:
    visitor.enter(world.link())
    return visitor


def registered(world):
    return wiring.data_requests().of_case(world.portfolio.portfolio_id, world.case_id)


def test_a_request_lands_in_the_register_and_its_number_and_day_are_told(world, inside):
    page = inside.send(inside.get(STEP), kind="erasure", words="Borren <b>todo</b>")

    [one] = registered(world)
    assert (one.kind, one.way, one.proof) == (
        RequestKind.ERASURE, RequestWay.PAGE, IdentityProof.PAGE,
    )  # fmt: skip
    assert one.made_by == f"debtor:{world.case_id}"
    assert one.words == "Borren <b>todo</b>"
    assert page.path == STEP
    assert one.number in page.text
    assert "Le respondemos a más tardar el" in page.text
    assert "LFPDPPP" in page.text
    assert "<b>todo" not in page.text
    kinds = [event.kind for event in world.file.events]
    assert [kind for kind in kinds if kind.startswith("rights.")] == [
        "rights.received", "rights.identified",
    ]  # fmt: skip
    assert [task.cause.kind for task in world.file.tasks] == ["data_request"]


def test_while_one_is_under_way_it_is_not_asked_for_again(world, inside):
    form = inside.get(STEP)
    inside.send(form, kind="access")
    inside.send(form, kind="access")  # the same form, sent twice
    again = inside.get(STEP)
    inside.send(again, kind="access")
    inside.send(inside.get(STEP), kind="opposition")

    assert [one.kind for one in registered(world)] == [RequestKind.ACCESS, RequestKind.OPPOSITION]
    assert 'value="access"' not in again.text
    assert 'value="rectification"' in again.text


def test_what_makes_no_sense_is_said_beside_its_field(world, inside):
    for form in ({"kind": "portability"}, {"kind": ""}, {"kind": "rectification"}):
        page = inside.send(inside.get(STEP), **form)
        assert page.status == 422
        assert 'role="alert"' in page.text
    assert registered(world) == []


def test_the_answer_is_there_to_read(world, inside):
    inside.send(inside.get(STEP), kind="access")
    [one] = registered(world)
    now = datetime.now(UTC)
    means = wiring.data_request_means()
    said = request_steps.answer(
        Verdict.GRANTED,
        ground=None,
        article="",
        text="Aquí están <i>todos</i>",
        actor=BOSS,
        now=now,
    )
    data_requests.change(
        one.portfolio_id, one.request_id, one.version, said, actor=BOSS, means=means, now=now
    )

    page = inside.get(STEP).text

    assert "Ya respondimos" in page
    assert "Aquí están &lt;i&gt;todos&lt;/i&gt;" in page
    [kept] = registered(world)
    assert kept.state is RequestState.ANSWERED


@pytest.mark.parametrize(
    ("verdict", "told"), [(Verdict.GRANTED, True), (Verdict.RESTRICTED, False)]
)
def test_who_will_be_forgotten_is_told_that_the_link_ends_with_it(world, inside, verdict, told):
    inside.send(inside.get(STEP), kind="erasure")
    [one] = registered(world)
    now = datetime.now(UTC)
    said = request_steps.answer(
        verdict,
        ground=None if told else Ground.DEBT_IN_FORCE,
        article="",
        text="Así será",
        actor=BOSS,
        now=now,
    )
    data_requests.change(
        one.portfolio_id, one.request_id, one.version, said, actor=BOSS,
        means=wiring.data_request_means(), now=now,
    )  # fmt: skip

    assert ("este enlace dejará de servir" in inside.get(STEP).text) is told


def test_another_debtor_sees_nothing_of_it(world, inside):
    inside.send(inside.get(STEP), kind="access")
    [one] = registered(world)
    other = Visitor(world.served)
    other.enter(
        world.link(world.another_case(name="Luz Prado", tax_id=THIEFS_TAX_ID)), THIEFS_TAX_ID[-4:]
    )

    assert one.number not in other.get(STEP).text
    assert 'value="access"' in other.get(STEP).text


def test_it_is_reached_from_the_account_and_the_rights(inside):
    for step in ("cuenta", "derechos", "mis-datos"):
        assert f'href="{STEP}"' in inside.get(f"/pagar/{step}").text
