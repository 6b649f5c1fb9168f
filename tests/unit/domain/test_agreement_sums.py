"""How far agreements are kept: counted on payments that matured, and counted again alike."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain import agreement_sums
from chalicelib.domain.agreement import Breach
from chalicelib.domain.agreements import AgreementState
from chalicelib.domain.contact import HoldReason
from chalicelib.domain.draft import Draft
from tests.agreement_world import GENEROUS, SIX, World, less
from tests.builders import NOW, TODAY

PATIENT = replace(GENEROUS, missed=3)


def counted(world: World) -> dict[str, dict[str, int]]:
    """The counters as every change moved them; days that came back to nothing are left out."""
    days = {
        day: {
            name: value
            for name, value in row.items()
            if value and name.startswith(("agree", "shares"))
        }
        for day, row in world.days.items()
    }
    return {day: row for day, row in days.items() if row}


def recounted(world: World) -> dict[str, dict[str, int]]:
    """The same from the case as it stands."""
    days = agreement_sums.by_day(world.file.agreements, world.portfolio.time_zone)
    found = {
        day: {name: value for name, value in row.items() if value} for day, row in days.items()
    }
    return {day: row for day, row in found.items() if row}


def total(world: World, name: str) -> int:
    return sum(row.get(name, 0) for row in counted(world).values())


def test_what_is_offered_and_signed_counts_on_its_day():
    world = World()
    signed = world.agree()

    assert counted(world) == {
        TODAY.isoformat(): {
            "agreements_offered": 1,
            "agreements": 1,
            "agreed_minor": signed.to_pay_minor,
        }
    }


def test_what_waits_for_a_second_person_was_offered_to_nobody():
    world = World()
    signed = world.agree()
    breach = Breach(field="instalments", reason="too_large", limit=2)
    asked = replace(
        signed, state=AgreementState.PENDING, signed_at=None, breaches=(breach,), judged=()
    )
    approved = replace(asked, state=AgreementState.PROPOSED, decided_at=NOW + timedelta(days=1))
    rejected = replace(approved, state=AgreementState.REJECTED)
    lapsed = replace(asked, state=AgreementState.EXPIRED)
    zone = world.portfolio.time_zone

    assert agreement_sums.by_day([asked, rejected, lapsed], zone) == {}
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    assert agreement_sums.by_day([approved], zone) == {tomorrow: {"agreements_offered": 1}}


def test_a_payment_in_time_matures_on_the_day_that_completes_it():
    world = World()
    first = world.agree().shares[0]
    world.pay(first.amount_minor - 1)
    assert total(world, "shares_matured") == 0  # it says nothing yet

    world.on(TODAY + timedelta(days=2))
    world.pay(1)

    assert counted(world)[world.today.isoformat()] == {
        "shares_matured": 1,
        "shares_minor": first.amount_minor,
        "shares_kept": 1,
        "shares_kept_minor": first.amount_minor,
    }


def test_a_missed_payment_matures_when_its_grace_is_over_with_what_was_paid_by_then():
    world = World(agreements=PATIENT)
    first = world.agree().shares[0]
    last = first.due_on + timedelta(days=GENEROUS.grace_days)
    world.pay(300)
    world.on(last)
    world.settle()
    assert total(world, "shares_matured") == 0  # today it would still be in time

    world.on(last + timedelta(days=1))
    world.settle()

    assert world.agreement().state is AgreementState.ACTIVE
    assert counted(world)[last.isoformat()] == {
        "shares_matured": 1,
        "shares_minor": first.amount_minor,
        "shares_kept_minor": 300,
    }
    world.pay(first.amount_minor)  # late: it stays missed, whatever is paid now
    assert (total(world, "shares_matured"), total(world, "shares_kept")) == (1, 0)
    assert total(world, "shares_kept_minor") == 300


def test_news_of_a_payment_in_time_takes_the_missed_one_back():
    world = World()
    first = world.agree().shares[0]
    world.on(first.due_on + timedelta(days=20))
    world.settle()
    assert total(world, "agreements_broken") == 1
    assert (total(world, "shares_matured"), total(world, "shares_kept")) == (1, 0)

    world.pay(first.amount_minor, on=first.due_on)

    assert world.agreement().state is AgreementState.ACTIVE
    assert total(world, "agreements_broken") == 0
    assert counted(world)[first.due_on.isoformat()]["shares_kept"] == 1


def test_a_payment_taken_back_was_not_kept():
    world = World()
    first = world.agree().shares[0]
    world.pay(first.amount_minor, "r1")
    entry = world.file.entries[-1].entry_id
    world.do(lambda draft: draft.reverse(entry, reason="x"))

    assert total(world, "shares_matured") == 0
    assert counted(world) == recounted(world)


def test_nothing_becomes_late_while_collection_is_stopped():
    world = World()
    first = world.agree().shares[0]
    world.do(lambda draft: draft.hold("hld_1", HoldReason.DISPUTE))
    world.on(first.due_on + timedelta(days=60))
    world.settle()

    assert total(world, "shares_matured") == 0
    world.do(lambda draft: draft.lift("hld_1"))
    world.pay(first.amount_minor)
    assert (total(world, "shares_matured"), total(world, "shares_kept")) == (1, 1)


def test_what_is_paid_ahead_is_kept_on_the_day_it_came():
    world = World()
    signed = world.agree(SIX)
    world.pay(signed.to_pay_minor)

    today = counted(world)[TODAY.isoformat()]
    assert today["agreements_completed"] == 1
    assert today["shares_kept"] == today["shares_matured"] == len(signed.shares)
    assert today["shares_kept_minor"] == signed.to_pay_minor


def a_day(world: World, step: tuple[str, int, int]) -> None:
    """Let days go by, then pay, take the last payment back, or only look."""
    what, days, minor = step
    world.on(world.today + timedelta(days=days))
    if what == "pay":
        world.pay(minor, on=max(date(2026, 11, 22), world.today - timedelta(days=minor % 9)))
    elif what == "take_back":
        _take_back(world)
    world.settle()


def _take_back(world: World) -> None:
    undone = {entry.reverses for entry in world.file.entries}
    paid = [e for e in world.file.entries if e.kind == "payment" and e.entry_id not in undone]

    def step(draft: Draft) -> None:
        draft.reverse(paid[-1].entry_id, reason="x")

    if paid:
        world.do(step)


steps = st.tuples(
    st.sampled_from(("pay", "pay", "take_back", "look")), st.integers(0, 40), st.integers(1, 60_000)
)


@settings(max_examples=60, deadline=None)
@given(st.lists(steps, max_size=10), st.integers(1, 6), st.sampled_from((1, 3)))
def test_however_a_plan_goes_the_counters_are_what_a_recount_gives(days, number, missed):
    world = World(agreements=replace(GENEROUS, missed=missed))
    world.agree(less(100_000, 500_000, instalments=number))
    for step in days:
        a_day(world, step)

    assert counted(world) == recounted(world)
    assert 0 <= total(world, "shares_kept") <= total(world, "shares_matured") <= number
    assert total(world, "shares_kept_minor") <= total(world, "shares_minor")
