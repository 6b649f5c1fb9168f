"""Two workers on one case: whoever is overtaken waits, reads again, and gives up only late."""

import pytest

from chalicelib.domain.case import CaseChange
from chalicelib.domain.errors import CaseMoved
from chalicelib.services.upload_commit import MOST_TRIES, Job, OutOfTime, Runner
from chalicelib.services.upload_debts import UPDATED
from tests.builders import NOW, a_debt, a_draft, a_portfolio, change_of
from tests.fakes import MemoryCases


class Restless(MemoryCases):
    """A store where others are quicker, *times* times, at reading or at writing."""

    def __init__(self, *, reading=0, writing=0):
        super().__init__()
        self.reading, self.writing = reading, writing

    def open_many(self, case_ids):
        if self.reading:
            self.reading -= 1
            raise CaseMoved(case_id=next(iter(case_ids)))
        return super().open_many(case_ids)

    def commit_many(self, changes: list[CaseChange]):
        if self.writing:
            self.writing -= 1
            return [CaseMoved(case_id=change.after.case_id) for change in changes]
        return super().commit_many(changes)


def run(cases):
    """Add a tag to one case; gives the outcomes that were told and the waits."""
    cases.commit(change := change_of(a_draft(a_debt())))
    told, waits = [], []

    def tag(draft):
        draft.set_tags(["seen"])
        return UPDATED

    runner = Runner(
        cases, a_portfolio(), actor="user:ana", now=NOW, writes=True, pause=waits.append
    )
    runner.run({change.after.case_id: [Job(start=None, do=tag, done=told.append)]})
    return told, waits, cases.open(change.after.case_id).head


@pytest.mark.parametrize("busy", [{"reading": 3}, {"writing": 3}, {"reading": 2, "writing": 1}])
def test_whoever_is_overtaken_waits_longer_each_time_and_comes_through(busy):
    told, waits, head = run(Restless(**busy))

    assert told == [UPDATED]
    assert head.tags == ("seen",)
    assert waits == [1, 2, 3]


@pytest.mark.parametrize("where", ["reading", "writing"])
def test_a_case_that_never_rests_is_left_for_later(where):
    with pytest.raises(CaseMoved):
        run(Restless(**{where: MOST_TRIES + 1}))


def test_who_is_out_of_time_begins_nothing_and_keeps_what_is_written():
    cases = Restless()
    cases.commit(change := change_of(a_draft(a_debt())))
    left = iter((60.0, 5.0))
    told = []

    def tag(name):
        def do(draft):
            draft.set_tags([*draft.tags, name])
            return UPDATED

        return Job(start=None, do=do, done=told.append)

    runner = Runner(
        cases, a_portfolio(), actor="user:ana", now=NOW, writes=True, time_left_s=lambda: next(left)
    )
    runner._alone.add(change.after.case_id)  # a change for each job
    with pytest.raises(OutOfTime):
        runner.run({change.after.case_id: [tag("one"), tag("two")]})

    assert told == [UPDATED]
    assert cases.open(change.after.case_id).head.tags == ("one",)
