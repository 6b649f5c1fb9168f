"""What people are still to be told, by when it is to go, on every store."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.notice import Notice, NoticeBox, NoticeKind, Often, Pending
from chalicelib.store.notice_boxes import NoticeBoxStore
from tests import engines
from tests.builders import NOW
from tests.document_fakes import MemoryBoxes

SOON = NOW.replace(minute=15, second=0, microsecond=0)


@pytest.fixture
def boxes(engine, request):
    if engine == "memory":
        return MemoryBoxes()
    wire = engines.wire_to(request.getfixturevalue(f"{engine}_endpoint"))
    return NoticeBoxStore(wire, engines.WORK)


def a_box(portfolio, **values):
    mention = Notice(
        ref="tsk_1",
        kind=NoticeKind.MENTION,
        often=Often.NOW,
        case_id="cas_1",
        by="user:ana",
        at=SOON,
    )
    base = {"person_id": "luz", "portfolio_id": portfolio.portfolio_id, "waiting": (mention,)}
    return NoticeBox(**base | values)


def test_what_waits_for_decisions_and_call_backs_are_kept_with_all_they_say(boxes, portfolio):
    call = Notice(
        ref="cbk_1", kind=NoticeKind.CALL_BACK, often=Often.NOW, case_id="cas_1", by="user:luz",
        at=SOON, call_at=SOON + timedelta(minutes=5),
    )  # fmt: skip
    waits = Pending(kind="agreement", count=100, more=True, oldest_at=NOW)
    decisions = replace(call, ref="apr_1", kind=NoticeKind.APPROVAL, pending=(waits,))
    box = a_box(
        portfolio, waiting=(call, decisions), decisions=("0a1b2c3d",) * 700, decisions_at=NOW
    )
    assert boxes.add(box)

    assert boxes.get(portfolio.portfolio_id, "luz") == box


def due(boxes, portfolio, now):
    """Those of this test's portfolio: they share tables."""
    found = boxes.due(now, limit=1_000)
    return [(one, at) for pid, one, at in found if pid == portfolio.portfolio_id]


def test_a_box_is_kept_whole_and_found_when_it_is_due(boxes, portfolio):
    box = a_box(portfolio, told=("tsk_0",), left_out=2)
    assert boxes.add(box)

    assert boxes.get(portfolio.portfolio_id, "luz") == box
    assert due(boxes, portfolio, SOON - timedelta(minutes=1)) == []
    assert due(boxes, portfolio, SOON) == [("luz", SOON)]


def test_one_that_is_taken_is_due_again_when_its_lease_is_over(boxes, portfolio):
    boxes.add(a_box(portfolio))
    until = SOON + timedelta(minutes=5)
    found = boxes.get(portfolio.portfolio_id, "luz")
    taken = boxes.save(replace(found, handing=("tsk_1",), lease_until=until))

    assert taken.version == 2
    assert due(boxes, portfolio, SOON) == []
    assert due(boxes, portfolio, until) == [("luz", until)]


def test_of_two_workers_one_takes_it(boxes, portfolio):
    boxes.add(a_box(portfolio))
    read = boxes.get(portfolio.portfolio_id, "luz")

    assert boxes.save(replace(read, handing=("tsk_1",))) is not None
    assert boxes.save(replace(read, handing=("tsk_1", "tsk_2"))) is None


def test_an_empty_box_is_due_never(boxes, portfolio):
    boxes.add(a_box(portfolio))
    read = boxes.get(portfolio.portfolio_id, "luz")
    boxes.save(replace(read, waiting=(), told=("tsk_1",)))

    assert due(boxes, portfolio, SOON + timedelta(days=400)) == []
    assert boxes.get(portfolio.portfolio_id, "luz").knows("tsk_1")
