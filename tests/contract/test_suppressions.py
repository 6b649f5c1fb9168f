"""What was erased at people's request, by its hash, on every store."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.people import AuditEvent
from chalicelib.domain.suppressed import SuppressedKind, Suppression
from chalicelib.services import suppression
from chalicelib.store.suppressions import SuppressionStore
from tests import engines
from tests.builders import NOW
from tests.suppression_fakes import MemorySuppressions, suppression_means


@pytest.fixture
def pid(portfolio):
    return portfolio.portfolio_id


@pytest.fixture
def kept(engine, request):
    if engine == "memory":
        return MemorySuppressions()
    wire = engines.wire_to(request.getfixturevalue(f"{engine}_endpoint"))
    return SuppressionStore(wire, engines.WORK)


def entries(*numbers, request_id="drq_1"):
    return [
        Suppression(
            digest=hashlib.sha256(str(number).encode()).digest()[:16],
            kind=SuppressedKind.PHONE,
            request_id=request_id,
            at=NOW,
        )
        for number in numbers
    ]


def digests(*numbers):
    return frozenset(one.digest for one in entries(*numbers))


def known(kept, pid, *numbers):
    return kept.known(pid, digests(*numbers), kept.head(pid))


def told_to_the_audit(kept, audit):
    if isinstance(kept, MemorySuppressions):
        return kept.audits == [audit]
    keys = [("ORG", f"AUDIT#{audit.event_id}")]
    return len(kept._wire.get_many(engines.WORK, keys)) == 1


def test_a_portfolio_without_a_list_knows_nothing(kept, pid):
    assert kept.head(pid).count == 0
    assert known(kept, pid, 1, 2) == frozenset()
    assert known(kept, pid, *range(60)) == frozenset()


@pytest.mark.parametrize("others", [0, 100])  # one by one, and by pages
def test_what_was_put_on_the_list_is_known_in_its_portfolio_only(kept, pid, others):
    assert kept.add(pid, entries(1, 2)) == 2
    asked = (1, 3, *range(1_000, 1_000 + others))

    assert known(kept, pid, *asked) == digests(1)
    assert known(kept, f"{pid}x", *asked) == frozenset()


def test_an_entry_is_on_the_list_once_as_it_was_first_put_there(kept, pid):
    kept.add(pid, entries(1, 2))
    before = kept.head(pid)
    later = [replace(one, at=NOW + timedelta(days=1)) for one in entries(1, 2, request_id="drq_2")]

    assert kept.add(pid, later) == 0
    assert kept.head(pid) == before
    assert kept.add(pid, [*later, *entries(3)]) == 1
    assert kept.remove(pid, entries(1)[0].digest) == entries(1)[0]


def test_many_at_once_are_all_on_the_list(kept, pid):
    assert kept.add(pid, entries(*range(130))) == 130
    assert kept.head(pid).count == 130
    assert known(kept, pid, *range(100, 160)) == digests(*range(100, 130))


def test_who_asked_before_learns_of_what_came_and_went_since(kept, pid):
    many = range(60)
    kept.add(pid, entries(1))
    assert known(kept, pid, *many) == digests(1)

    kept.add(pid, entries(2))
    assert known(kept, pid, *many) == digests(1, 2)
    kept.remove(pid, entries(1)[0].digest)
    assert known(kept, pid, *many) == digests(2)
    assert known(kept, pid, 1) == frozenset()
    assert kept.head(pid).count == 1


def test_what_is_not_there_is_not_removed(kept, pid):
    kept.add(pid, entries(1))
    before = kept.head(pid)

    assert kept.remove(pid, entries(2)[0].digest) is None
    assert kept.head(pid) == before


def test_what_is_removed_is_told_to_the_audit_in_the_same_step(kept, pid):
    audit = AuditEvent(
        event_id=f"aud_{pid}",
        kind="suppression.ended",
        at=NOW,
        actor="user:root",
        subject=f"portfolio:{pid}",
        facts={"kind": "phone", "reason": "lo pidió"},
    )
    kept.add(pid, entries(1))

    assert kept.remove(pid, entries(1)[0].digest, audit=audit) == entries(1)[0]
    assert told_to_the_audit(kept, audit)


def test_what_was_removed_can_come_again(kept, pid):
    kept.add(pid, entries(1))
    kept.remove(pid, entries(1)[0].digest)

    assert kept.add(pid, entries(1)) == 1
    assert known(kept, pid, 1) == digests(1)


def test_a_chunk_costs_one_read_and_a_long_list_is_read_once(moto_endpoint, pid):
    """What 10,000 people had erased costs an upload's worker one query, not one a row."""
    wire = engines.wire_to(moto_endpoint)
    means = suppression_means(suppressions=SuppressionStore(wire, engines.WORK))
    phones = [("phone", f"+5255{number:08d}") for number in range(1_500)]
    assert _requests(wire, lambda: suppression.found(pid, phones, means=means)) == 1
    suppression.suppress(pid, phones[:300], request_id="drq_1", now=NOW, means=means)

    assert _requests(wire, lambda: suppression.found(pid, phones, means=means)) <= 2
    assert _requests(wire, lambda: suppression.found(pid, phones, means=means)) == 1
    assert suppression.found(pid, phones, means=means) == set(phones[:300])


def _requests(wire, do):
    before = wire.requests
    do()
    return wire.requests - before
