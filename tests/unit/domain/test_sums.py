"""Whatever is done to a case, in any order: sums hold and the chain verifies."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain import counters, reliability, timeline
from chalicelib.domain.draft import after
from chalicelib.domain.errors import DomainError
from chalicelib.domain.ledger import EntryKind, balances, reversals
from chalicelib.domain.portfolio import Component
from tests.builders import (
    NOW,
    TODAY,
    a_case,
    a_debt,
    a_portfolio,
    in_instalments,
    moratory,
    reopened,
)

which = st.integers(0, 2)
amount = st.integers(1, 150_000)
ago = st.integers(0, 90)
step = st.one_of(
    st.tuples(st.just("pay"), amount, ago, st.one_of(st.none(), which), st.integers(0, 5)),
    st.tuples(st.just("adjust"), st.integers(-50_000, 50_000), which, st.sampled_from(Component)),
    st.tuples(st.just("waive"), amount, which, st.sampled_from(Component)),
    st.tuples(st.just("reverse"), st.integers(0, 20)),
    st.tuples(st.just("restate"), amount, which, st.booleans()),
    st.tuples(st.just("settle"), which),
    st.tuples(st.just("promise"), amount),
    st.tuples(st.just("undo"), st.integers(0, 12)),
)


def nonzero(sums):
    return {key: value for key, value in sums.items() if value}


def do(draft, file, number, step):
    kind, *rest = step
    debts = file.debts
    key = f"s{number}"
    if kind == "pay":
        minor, days, debt, reference = rest
        if draft.payment("manual", f"pay{reference}"):
            return
        debt_id = None if debt is None else debts[debt].debt_id
        paid_on = TODAY - timedelta(days=days)
        draft.pay(minor, paid_on=paid_on, source="manual", reference=f"pay{reference}",
                  debt_id=debt_id)  # fmt: skip
    elif kind == "adjust":
        minor, debt, component = rest
        draft.adjust(
            debts[debt].debt_id, component, minor, reason="x", source="manual", reference=key
        )
    elif kind == "waive":
        minor, debt, component = rest
        draft.waive(
            debts[debt].debt_id, component, minor, reason="x", source="manual", reference=key
        )
    elif kind == "reverse":
        draft.reverse(file.entries[rest[0] % len(file.entries)].entry_id, reason="x")
    elif kind == "restate":
        minor, debt, outstanding = rest
        from dataclasses import replace

        draft.put_debt(
            replace(debts[debt], stated_principal_minor=minor, upload_id=f"upl_{number}"),
            source="upload", reference=f"upl_{number}", outstanding=outstanding,
        )  # fmt: skip
    elif kind == "settle":
        draft.settle_debt(debts[rest[0]].debt_id, source="upload", reference=f"{key}:x")
    elif kind == "promise":
        draft.promise(f"pro_{number}", rest[0], TODAY, channel="")
    elif kind == "undo":
        draft.undo_upload(f"upl_{rest[0]}")


@settings(max_examples=150)
@given(st.lists(step, max_size=12), st.booleans())
def test_balances_heads_counters_and_chain_agree_after_anything(steps, with_interest):
    portfolio = a_portfolio(
        tolerance_minor=100, moratory=moratory() if with_interest else moratory(annual_rate_ppm=0)
    )
    file = a_case(
        a_debt("F-0"),
        in_instalments(3, 40_000, TODAY - timedelta(days=45), external_id="F-1"),
        a_debt("F-2", stated_interest_minor=3_000, stated_fees_minor=700),
        portfolio=portfolio,
    )
    counted = [counters.contribution(file.head)]
    for number, one in enumerate(steps):
        now = NOW + timedelta(minutes=number)
        actor = f"upload:upl_{number}" if one[0] == "restate" else "user:ana"
        draft = reopened(file, portfolio, now=now, actor=actor)
        try:
            do(draft, file, number, one)
        except DomainError:
            continue
        change = draft.change()
        if change is None:
            continue
        assert change.before == file.head
        file = after(file, change)
        counted.append(change.counters)

    by_debt = balances(file.entries)
    assert file.head.balance_minor == sum(entry.amount_minor for entry in file.entries)
    assert file.head.balance_minor == sum(balance.total_minor for balance in by_debt.values())
    assert sum(file.head.due_buckets.values()) == file.head.balance_minor
    assert sum(file.head.due_debts.values()) == file.head.debts

    moved, now = counters.merged(counted), counters.contribution(file.head)
    for name in ("totals", "due", "due_debts"):
        assert nonzero(getattr(moved, name)) == nonzero(getattr(now, name))
    days = counters.joined(counters.flows(file.entries), reliability.by_day(file.promises))
    assert {d: f for d, f in moved.days.items() if any(f.values())} == {
        d: f for d, f in days.items() if any(f.values())
    }
    agreed = reliability.by_person(file.promises)
    assert {who: nonzero(of) for who, of in moved.people.items() if any(of.values())} == {
        who: nonzero(of) for who, of in agreed.items()
    }

    assert len({entry.entry_id for entry in file.entries}) == len(file.entries)
    undone = reversals(file.entries)
    amounts = {entry.entry_id: entry.amount_minor for entry in file.entries}
    assert all(amounts[key] + amounts[by] == 0 for key, by in undone.items())
    assert timeline.verify(file.events, file.head.chain).ok
    assert file.head.version == len(counted)


@given(st.lists(st.tuples(amount, ago), min_size=1, max_size=5))
def test_without_interest_reversing_every_payment_restores_the_case(payments):
    portfolio = a_portfolio()
    start = file = a_case(a_debt("F-0"), in_instalments(3, 40_000, TODAY, external_id="F-1"))
    for number, (minor, days) in enumerate(payments):
        draft = reopened(file, portfolio)
        draft.pay(minor, paid_on=TODAY - timedelta(days=days), source="m", reference=str(number))
        file = after(file, draft.change())
    for entry in [e for e in file.entries if e.kind is EntryKind.PAYMENT]:
        if entry.entry_id in reversals(file.entries):
            continue
        draft = reopened(file, portfolio)
        draft.reverse(entry.entry_id, reason="x")
        file = after(file, draft.change())

    assert balances(file.entries) == balances(start.entries)
    assert file.head.due_buckets == start.head.due_buckets
    assert file.head.due_debts == start.head.due_debts
