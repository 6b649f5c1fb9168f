"""A worker that erases a person may die before or after any write: what is left is the same."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.bulk import BulkAction, BulkJob, BulkState, Sample
from chalicelib.domain.case import ContactKind
from chalicelib.domain.contact import AttemptState, Channel, Content
from chalicelib.domain.conversation import Conversation, Message, conversation_id
from chalicelib.domain.data_request import (
    DataRequest,
    RequestAnswer,
    RequestKind,
    RequestState,
    Verdict,
)
from chalicelib.domain.erasure import Erasure, ErasureState
from chalicelib.domain.links_of_case import LinksOfCase
from chalicelib.services import data_requests, erasure_lists, erasure_work
from tests.builders import NOW, a_debt, a_draft, a_portfolio, an_attempt, change_of, reopened
from tests.conversation_fakes import MemoryConversations, Phone, means_of
from tests.document_fakes import MemoryDocuments, MemoryRequests, a_request
from tests.fakes import MemoryCases
from tests.rights_world import Everybody
from tests.suppression_fakes import suppression_means

PID, PHONE = "prt_test", "+525598761234"
WRITES = {
    "commit", "save", "settle", "forget", "erase", "erase_under", "change_links", "add", "note",
}  # fmt: skip


class Died(Exception):
    pass


class Mortal:
    """A store, before or after one write of which the worker dies."""

    def __init__(self, store, life):
        self._store, self._life = store, life

    def __getattr__(self, name):
        found = getattr(self._store, name)
        if name not in WRITES:
            return found

        def written(*args, **values):
            self._life.spend()
            told = found(*args, **values)
            self._life.spend()
            return told

        return written


class Life:
    def __init__(self, left):
        self.left = left

    def spend(self):
        self.left -= 1
        if self.left == 0:
            raise Died


class Bucket:
    def __init__(self, *keys):
        self.keys = set(keys)

    def erase(self, key):
        self.keys.discard(key)

    def erase_under(self, prefix):
        self.keys = {key for key in self.keys if not key.startswith(prefix)}


class Links:
    def __init__(self):
        self.known = {}

    def links(self, case_id):
        return self.known.get(case_id, LinksOfCase())

    def change_links(self, before, after, *, case_id):
        if self.links(case_id) != before:
            return False
        self.known[case_id] = after
        return True


class Queue:
    def __init__(self):
        self.sent = []

    def send(self, messages):
        self.sent += messages


class World:
    def __init__(self):
        self.portfolio, self.cases = a_portfolio(PID), MemoryCases()
        self.requests, self.talks, self.links = MemoryRequests(), MemoryConversations(), Links()
        self.ids = [self.case(key) for key in ("D-1", "D-2")]
        self.evidence = Bucket(*(f"visits/{one}/v/p.jpg" for one in self.ids), "visits/cas_x/v/p")
        self.exports = Bucket(f"packs/{PID}/{self.ids[0]}/a.zip", "packs/x")
        self.jobs = MemoryDocuments("job_id")
        self.kept = suppression_means()
        self.jobs.add(
            BulkJob(
                job_id="blk_1", portfolio_id=PID, action=BulkAction.TAG, terms={}, filters={},
                picked=(), state=BulkState.DONE, language="es", created_by="user:ana",
                created_at=NOW, updated_at=NOW,
                sample=Sample(lines=tuple({"case_id": one, "name": "Zoé"} for one in self.ids)),
            )
        )  # fmt: skip
        self.talk()
        self.ask()
        self.queue = Queue()

    def case(self, key):
        draft = a_draft(
            a_debt(f"F-{key}", PID), portfolio=self.portfolio, key=key, name="Zoé Marca",
            tax_id="ZOEM800101AB1", salt=bytes,
        )  # fmt: skip
        draft.put_contact(ContactKind.PHONE, PHONE)
        for number in range(70):
            draft.note(f"Nota {number}")
        said = Content(to=PHONE, text="Hola, Zoé")
        draft.record(an_attempt(f"att_{key}", state=AttemptState.SENT, content=said))
        draft.pay(100_000, paid_on=draft.today, source="manual", reference=key)
        draft.plan(an_attempt(f"att_{key}_2", not_before=NOW + timedelta(days=1)))
        change = change_of(draft)
        self.cases.commit(change)
        return change.after.case_id

    def talk(self):
        key = conversation_id(PID, Channel.WHATSAPP, PHONE)
        head = Conversation(
            conversation_id=key, portfolio_id=PID, channel=Channel.WHATSAPP, phone=PHONE,
            recipient="+52", created_at=NOW, moved_at=NOW, case_ids=tuple(self.ids), name="Zoé",
            seq=1,
        )  # fmt: skip
        said = Message(seq=1, at=NOW, by="debtor", text="Soy Zoé", case_id=self.ids[0])
        self.talks.save(head, said, before=None, now=NOW)

    def ask(self):
        running = Erasure(
            state=ErasureState.RUNNING, asked_by="user:ana", asked_at=NOW, note="Zoé pide",
            decided_by="user:eva", decided_at=NOW, case_ids=tuple(self.ids), goes={"name": 2},
        )  # fmt: skip
        said = RequestAnswer(
            verdict=Verdict.GRANTED, ground=None, article="", text="Zoé", at=NOW, by="user:eva"
        )
        self.requests.add(
            a_request(PID, kind=RequestKind.ERASURE, state=RequestState.ANSWERED, answer=said,
                      erasure=running, case_ids=tuple(self.ids), name="Zoé", words="Zoé")
        )  # fmt: skip

    def means(self, life):
        def mortal(store):
            return Mortal(store, life)

        cases = mortal(self.cases)
        portfolios = {PID: self.portfolio}
        talking = means_of(self.talks, self.cases, self.portfolio, phone=Phone())
        empty = MemoryDocuments("key")
        return erasure_work.Means(
            register=data_requests.Means(
                requests=mortal(self.requests), cases=cases, portfolios=portfolios,
                people=Everybody(),
            ),
            conversing=replace(talking, conversations=mortal(self.talks), cases=cases),
            links=mortal(self.links),
            lists=erasure_lists.Means(
                jobs=mortal(self.jobs), dry_runs=empty, exports=empty, views=empty,
                corrections=empty,
            ),
            evidence=mortal(self.evidence),
            exports=mortal(self.exports),
            suppression=replace(self.kept, suppressions=mortal(self.kept.suppressions)),
            queue=self.queue,
        )  # fmt: skip

    def work(self, left=10**6, time_left=lambda: 60.0):
        life = Life(left)
        try:
            erasure_work.work(PID, "drq_1", means=self.means(life), now=NOW, time_left_s=time_left)
        except Died:
            return None
        return 10**6 - life.left

    @property
    def request(self) -> DataRequest:
        return self.requests.get(PID, "drq_1")

    @property
    def left(self):
        """All that is kept, but for how often a document was written."""
        files = [self.cases.open(one) for one in self.ids]
        kept = [self.talks.heads, self.talks.said, self.links.known, self.evidence.keys]
        jobs = self.jobs.get(PID, "blk_1")
        known = self.kept.suppressions.known(PID, self.kept.suppressions._lists[PID], None)
        return repr(
            (files, kept, self.exports.keys, replace(jobs, version=0), sorted(known),
             replace(self.request, version=0))
        )  # fmt: skip


@pytest.fixture(scope="module")
def whole():
    world = World()
    writes = world.work()
    return writes, world.left


def test_it_ends_done_and_says_nothing_of_the_person(whole):
    world = World()
    world.work()

    assert (world.request.state, world.request.erasure.state) == (
        RequestState.DONE, ErasureState.DONE,
    )  # fmt: skip
    assert world.request.erasure.erased == 2
    assert "Zoé" not in world.left
    assert world.evidence.keys == {"visits/cas_x/v/p"}
    assert world.exports.keys == {"packs/x"}
    kinds = [event.kind for event in world.cases.open(world.ids[1]).events]
    assert kinds.count("rights.erased") == 1


def test_dying_at_any_write_and_beginning_again_ends_alike(whole):
    writes, end = whole
    assert writes > 40

    for left in range(1, writes + 1):
        world = World()
        assert world.work(left) is None
        world.work()
        assert world.left == end, f"died at {left} of {writes}"


def test_dying_again_and_again_gets_there_too(whole):
    _, end = whole
    world, lives = World(), 0
    # As long as it takes to come through all that is gone of a case already, and a little more.
    while world.work(32) is None:
        lives += 1
        assert lives < 100

    assert lives > 1
    assert world.left == end


def test_what_time_does_not_allow_is_left_to_another_message(whole):
    _, end = whole
    world, times = World(), iter([60.0, 5.0])

    world.work(time_left=lambda: next(times))

    assert world.queue.sent == [{"step": "erase", "portfolio_id": PID, "request_id": "drq_1"}]
    assert world.request.erasure.erased == 1
    world.work()
    assert world.left == end


def test_a_message_of_what_nobody_approved_does_nothing():
    world = World()
    one = world.request
    world.requests.save(replace(one, erasure=replace(one.erasure, state=ErasureState.ASKED)))
    before = Counter(repr(world.cases.open(key)) for key in world.ids)

    world.work()

    assert Counter(repr(world.cases.open(key)) for key in world.ids) == before
    assert world.request.due_on >= date(2026, 11, 22)


def test_a_case_that_others_work_on_meanwhile_is_erased_all_the_same(whole):
    world = World()

    def busy():
        draft = reopened(world.cases.open(world.ids[1]), world.portfolio)
        draft.note("Zoé llamó")
        world.cases.commit(change_of(draft))
        return 60.0

    world.work(time_left=busy)

    assert "Zoé" not in repr(world.cases.open(world.ids[1]))
