"""Requests by law, by when they are due, once they ended, and by case, on every store."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.data_request import (
    IdentityProof,
    RequestAnswer,
    RequestState,
    Verdict,
)
from chalicelib.domain.errors import BadField
from chalicelib.store.data_requests import DataRequestStore
from tests import engines
from tests.builders import NOW
from tests.document_fakes import MemoryRequests, a_request

TODAY = NOW.date()


@dataclass
class Kept:
    requests: Any
    pid: str

    def live(self, *, limit=50, cursor=None):
        return self.requests.listed(self.pid, live=True, limit=limit, cursor=cursor)

    def ended(self):
        return self.requests.listed(self.pid, live=False, limit=50, cursor=None)[0]


@pytest.fixture
def kept(engine, portfolio, request):
    pid = portfolio.portfolio_id
    if engine == "memory":
        return Kept(MemoryRequests(), pid)
    wire = engines.wire_to(request.getfixturevalue(f"{engine}_endpoint"))
    return Kept(DataRequestStore(wire, engines.WORK), pid)


def due_in(kept, number, days, **values):
    made = a_request(kept.pid, number, answer_by=TODAY + timedelta(days=days), **values)
    kept.requests.add(made)
    return made


def test_a_request_is_read_as_it_was_kept(kept):
    made = a_request(
        kept.pid,
        case_ids=(f"{kept.pid}_1", f"{kept.pid}_2"),
        proof=IdentityProof.DOCUMENT,
        proven_at=NOW,
        answer=RequestAnswer(
            verdict=Verdict.GRANTED, ground=None, article="", text="Va", at=NOW, by="user:eva"
        ),
    )

    assert kept.requests.add(made)
    assert kept.requests.add(made)  # an answer was lost, the request repeated
    assert not kept.requests.add(replace(made, words="otra cosa"))
    assert kept.requests.get(kept.pid, "drq_1") == made
    assert kept.requests.get("prt_other", "drq_1") is None


def test_those_under_way_come_the_first_due_first_page_by_page(kept):
    late, soon, far = (due_in(kept, n, days) for n, days in ((3, -1), (1, 2), (2, 30)))

    first, cursor = kept.live(limit=2)
    rest, end = kept.live(limit=2, cursor=cursor)

    assert first == [late, soon]
    assert rest == [far]
    assert end is None
    with pytest.raises(BadField):
        kept.live(cursor="%%%")


def test_what_is_put_off_or_ends_leaves_its_place(kept):
    one = due_in(kept, 1, 2)
    other = due_in(kept, 2, 5)
    term = replace(one.term, extended_to=TODAY + timedelta(days=9))
    later = kept.requests.save(replace(one, term=term))

    assert kept.live()[0] == [other, later]
    assert kept.requests.save(replace(one, owner="ana")) is None  # read before it was put off
    ended = kept.requests.save(replace(later, state=RequestState.DONE, ended_at=NOW))
    assert kept.live()[0] == [other]
    assert kept.ended() == [ended]


def test_those_that_ended_come_the_newest_first(kept):
    for number in (1, 2):
        one = due_in(kept, number, 2)
        at = NOW + timedelta(hours=number)
        kept.requests.save(replace(one, state=RequestState.REFUSED, ended_at=at))

    assert [one.request_id for one in kept.ended()] == ["drq_2", "drq_1"]


def test_what_is_due_is_counted_by_its_days(kept):
    for number, days in ((1, -4), (2, 0), (3, 3), (4, 4)):
        due_in(kept, number, days)
    until = TODAY + timedelta(days=3)

    assert kept.requests.due(kept.pid, until, most=9) == [
        TODAY + timedelta(days=days) for days in (-4, 0, 3)
    ]
    assert len(kept.requests.due(kept.pid, until, most=2)) == 2


def test_a_case_finds_its_own_those_it_was_added_to_later_too(kept):
    case_id = f"{kept.pid}_1"
    one = due_in(kept, 1, 2, case_ids=(case_id,))
    other = due_in(kept, 2, 2, made_at=NOW + timedelta(minutes=1))
    added = kept.requests.save(replace(other, case_ids=(case_id,)))

    assert kept.requests.of_case(kept.pid, case_id) == [one, added]
    assert kept.requests.of_case(kept.pid, "cas_none") == []
