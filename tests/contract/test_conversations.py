"""What every store of conversations promises."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.case import ContactKind
from chalicelib.domain.contact import Channel, Direction
from chalicelib.domain.conversation import Conversation, Desk, Message, conversation_id
from chalicelib.domain.errors import CaseMoved, ConversationMoved, ConversationNotFound
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.timeline import verify
from chalicelib.services.conversation_erasure import erase
from chalicelib.services.conversations import receive
from chalicelib.store.conversations import ConversationStore
from tests import engines
from tests.builders import NOW, a_debt, a_draft, change_of
from tests.conversation_fakes import ANA, OURS, MemoryConversations, Phone, means_of, says


@pytest.fixture
def talks(engine, request):
    if engine == "memory":
        return MemoryConversations()
    wire = engines.wire_to(request.getfixturevalue(f"{engine}_endpoint"))
    return ConversationStore(wire, engines.WORK)


@pytest.fixture
def new(talks, portfolio):
    def made(phone=ANA, *texts, minutes=0, **values):
        at = NOW + timedelta(minutes=minutes)
        base = Conversation(
            conversation_id=conversation_id(portfolio.portfolio_id, Channel.WHATSAPP, phone),
            portfolio_id=portfolio.portfolio_id,
            channel=Channel.WHATSAPP,
            phone=phone,
            recipient=OURS,
            created_at=at,
            moved_at=at,
            **{"case_ids": ("cas_1",), "seq": len(texts)} | values,
        )
        messages = [
            Message(seq=n, at=at, by="debtor", text=text, buttons=(("yes", "Sí"),))
            for n, text in enumerate(texts, start=1)
        ]
        return talks.save(base, *messages, before=None, now=at)

    return made


def test_a_conversation_comes_back_as_it_was_written(talks, new):
    made = new(ANA, "hola", "¿ñandú? 🙂", talk={"language": "es", "options": ["yes"]})

    assert talks.get(made.conversation_id) == made
    assert talks.of_phone(Channel.WHATSAPP, ANA) == [made]
    assert [one.text for one in talks.messages(made.conversation_id)] == ["hola", "¿ñandú? 🙂"]


def test_one_that_is_not_there_is_not_found(talks):
    assert talks.find("cnv_none") is None
    with pytest.raises(ConversationNotFound):
        talks.get("cnv_none")


def test_who_read_an_older_one_may_not_write(talks, new):
    first = new()
    talks.save(replace(first, unread=1), before=first, now=NOW)

    with pytest.raises(ConversationMoved):
        talks.save(replace(first, unread=2), before=first, now=NOW)
    with pytest.raises(ConversationMoved):
        new()
    assert talks.get(first.conversation_id).unread == 1


def test_a_message_is_taken_once(talks, new):
    one = new()
    talks.save(one, before=one, heard=("whatsapp", f"w-{one.conversation_id}"), now=NOW)
    two = talks.get(one.conversation_id)

    assert talks.heard("whatsapp", f"w-{one.conversation_id}") == ()
    assert talks.heard("whatsapp", "another") is None
    with pytest.raises(ConversationMoved):
        talks.save(two, before=two, heard=("whatsapp", f"w-{one.conversation_id}"), now=NOW)
    assert talks.get(one.conversation_id).version == two.version


def test_lists_are_by_recency_and_paged(talks, new, portfolio):
    made = [new(f"+52551234567{n}", minutes=n) for n in range(5)]
    up = replace(made[0], moved_at=NOW + timedelta(hours=1), desk=Desk.WAITING)
    up = talks.save(up, before=made[0], now=NOW)

    def page(**asked):
        return talks.page(portfolio.portfolio_id, known=True, **asked)

    first, cursor, mark = page(limit=3)
    rest, end, _ = page(limit=3, cursor=cursor)

    assert [*first, *rest] == [up, *reversed(made[1:])]
    assert end is None
    assert page(limit=10, desk="waiting")[0] == [up]
    assert page(limit=10, since=mark)[0] == [up]  # what is seconds old is given again
    later = new("+525512345679", minutes=120)
    assert page(limit=10, since=mark)[0] == [later, up]


def test_the_tray_holds_those_of_no_case_until_they_are_attached(talks, new, portfolio):
    stranger = new(case_ids=())

    def tray(known):
        return talks.page(portfolio.portfolio_id, known=known, limit=5)[0]

    assert (tray(False), tray(True)) == ([stranger], [])
    attached = talks.save(replace(stranger, attached="cas_9"), before=stranger, now=NOW)
    assert (tray(False), tray(True)) == ([], [attached])


def test_messages_are_read_from_either_end(talks, new):
    made = new(ANA, *(str(n) for n in range(1, 8)))

    def seqs(**asked):
        return [one.seq for one in talks.messages(made.conversation_id, **asked)]

    assert seqs(limit=3) == [5, 6, 7]
    assert seqs(before=5, limit=3) == [2, 3, 4]
    assert seqs(after=5) == [6, 7]
    assert seqs(after=7) == []


def test_what_became_of_a_message_is_written_over_it(talks, new):
    made = new(ANA, "hola")
    (message,) = talks.messages(made.conversation_id)

    talks.settle(made.conversation_id, replace(message, state="sent", provider_id="w"))

    assert talks.messages(made.conversation_id)[0].state == "sent"


def test_messages_at_once_are_each_taken_once_and_answered_in_turn(engine, stores, talks):
    """Six messages of one person, each delivered twice, to four workers."""
    if engine == "moto":
        pytest.skip("moto's transactions are not safe against each other")
    phone = Phone()
    portfolio = stores.portfolio
    draft = a_draft(a_debt("F-1", portfolio.portfolio_id), portfolio=portfolio, tax_id="XAXX010101")
    draft.put_contact(ContactKind.PHONE, ANA)
    change = change_of(draft)
    stores.cases.commit(change)
    means = means_of(talks, stores.cases, portfolio, phone=phone)
    run = portfolio.portfolio_id
    texts = ["hola", "0101", "cuánto debo", "pago 300 el viernes", "sí", "gracias"]
    said = [says(text, provider_id=f"{run}-{n}") for n, text in enumerate(texts)]

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda one: patiently(one, means), said * 2))

    assert sorted(outcomes).count("repeated") == len(texts)
    file = stores.cases.open(change.after.case_id)
    heard = [one.provider_id for one in file.attempts if one.direction is Direction.IN]
    assert sorted(heard) == sorted(one.provider_id for one in said)
    (talk,) = (t for t in talks.of_phone(Channel.WHATSAPP, ANA) if t.portfolio_id == run)
    shown = talks.messages(talk.conversation_id, limit=100)
    assert [one.seq for one in shown] == list(range(1, talk.seq + 1))
    ours = [one for one in shown if one.by == "bot"]
    assert {one.state for one in ours} == {"sent"}
    assert sorted(one.text for one in ours) == sorted(m.content.text for m in phone.sent)
    gone = {one.state.value for one in file.attempts if one.direction is Direction.OUT}
    assert gone <= {"sent", "failed"}


def patiently(said, means):
    """As the queue does: what kept moving is given again."""
    while True:
        try:
            return receive(said, means=means, now=NOW).outcome
        except (CaseMoved, ConversationMoved):
            continue


def test_what_was_said_goes_by_itself_when_its_time_is_over(talks, new, engine):
    if engine == "memory":
        pytest.skip("only tables forget by themselves")
    made = new(ANA, "hola", kept_days=100)
    talks.settle(made.conversation_id, *talks.messages(made.conversation_id))
    stranger = new("+525599999999", "quién es", case_ids=())

    ends = {
        key: [int(row["expires_at"]["N"]) for row in rows_of(talks, key)]
        for key in (f"CONV#{made.conversation_id}", f"PHONE#whatsapp#{ANA}")
    }

    end = int((NOW + timedelta(days=100)).timestamp())
    assert ends[f"CONV#{made.conversation_id}"] == [end, end], "its head and its message"
    assert ends[f"PHONE#whatsapp#{ANA}"][0] > end, "who leads there is kept longer"
    (head, _) = rows_of(talks, f"CONV#{stranger.conversation_id}")
    assert int(head["expires_at"]["N"]) == int((NOW + timedelta(days=180)).timestamp())


def test_a_forgotten_conversation_leaves_nothing(talks, new, portfolio, engine):
    made = new("+525588888888", "quién es", "adiós", case_ids=())

    for _ in range(2):
        talks.forget(made)

    assert talks.find(made.conversation_id) is None
    assert talks.of_phone(Channel.WHATSAPP, made.phone) == []
    assert talks.messages(made.conversation_id) == []
    assert talks.page(portfolio.portfolio_id, known=False, limit=5)[0] == []
    if engine != "memory":
        keys = (f"CONV#{made.conversation_id}", f"PHONE#whatsapp#{made.phone}")
        assert [list(rows_of(talks, key)) for key in keys] == [[], []]


def test_what_was_said_is_erased_from_the_case_and_its_chain_verifies(stores, talks):
    phone = "+525577777777"
    portfolio = stores.portfolio
    draft = a_draft(a_debt("F-9", portfolio.portfolio_id), portfolio=portfolio, key="D-9")
    draft.put_contact(ContactKind.PHONE, phone)
    change = change_of(draft)
    stores.cases.commit(change)
    case_id = change.after.case_id
    means = means_of(talks, stores.cases, portfolio)
    for text in ("hola, soy Raúl", "ya pagué, dice Raúl"):
        receive(says(text, sender=phone), means=means, now=NOW)
    (talk,) = (t for t in talks.of_phone(Channel.WHATSAPP, phone) if case_id in t.case_ids)
    before = stores.cases.open(case_id)

    erase(
        talk.conversation_id,
        reason="ARCO 1",
        actor=Actor(actor_id="user:eva", role=Role.ADMIN, portfolios=("*",)),
        means=means,
        files=NoFiles(),
        now=NOW,
    )

    after = stores.cases.open(case_id)
    assert "Raúl" not in repr((after, talks.messages(talk.conversation_id)))
    assert "Raúl" not in repr(talks.get(talk.conversation_id))
    events = sorted(after.events, key=lambda event: event.seq)
    assert verify(events, after.head.chain).ok
    kept = [event.hash for event in events[: len(before.events)]]
    assert kept == [event.hash for event in sorted(before.events, key=lambda event: event.seq)]


class NoFiles:
    def erase(self, key):
        raise AssertionError("no file was sent")


def rows_of(talks, pk):
    return talks._wire.query(
        {
            "TableName": engines.WORK,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": pk}},
        }
    )
