"""
What somebody may try at a debtor's page: every step, by who is not in and by who is somebody else.

The steps are those that are registered. One with an item must be named in ``ITEMS``, with the
item of another debtor that must stay closed.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain import debtor_link, debtor_session, links
from chalicelib.handlers import debtor_call
from chalicelib.store.wire import Wire
from tests.selfpay.conftest import MAIL, PHONE, TAX_ID, Visitor
from tests.selfpay.steps import INSIDE, path_of

VICTIM = "Rosalía Quiñones"
THIEFS_TAX_ID = "LOAA900202XY9"

# What another debtor's item is, by step; empty where an item is nobody's.
ITEMS = {
    "deuda": lambda world: world.file.debts[0].debt_id,
    "aclarar": lambda world: world.file.debts[0].debt_id,
    "documentos": lambda world: "doc_of_somebody_else",
    "espere": lambda world: "form_of_somebody_else",
    # With a real one of another's: ``test_pay`` and ``test_plans``.
    "ir": lambda world: "chk_of_somebody_else",
    "pagado": lambda world: "chk_of_somebody_else",
    "acuerdo": lambda world: "agr_of_somebody_else",
    "plan": lambda world: "",  # names an offer, which is worked out for whoever is in
    "firma": lambda world: "",
    "listo": lambda world: "",
    # With a real one of another's: ``test_cash``.
    "efectivo": lambda world: "NZXC53SV-000001",
    # With a real one of another's: ``test_proofs``.
    "prueba": lambda world: "pap_of_somebody_else",
    # With a real one of another's: ``test_files``.
    "archivo": lambda world: "rep_of_somebody_else",
    "recibido": lambda world: "rep_of_somebody_else~12345678",
}


def named(step):
    return f"{step[0]} {path_of(step, '{item}')}"


# Who is not in


@pytest.fixture(scope="module")
def stranger(place):
    return Visitor(place.served)


@pytest.mark.parametrize("step", INSIDE, ids=named)
def test_who_is_not_in_is_led_to_the_door(stranger, step):
    if step[0] == "GET":
        page = stranger.get(path_of(step))
    else:
        page = stranger.post(path_of(step), {"_form": "x", "_once": "y", "amount": "1"})

    assert page.path == "/pagar"


@pytest.mark.parametrize("cookie", ["", "x", "a" * 5000, "'; --", "../../", "\u00f1"])
def test_a_made_up_cookie_is_nobody(stranger, cookie):
    stranger.cookies = {debtor_call.COOKIE: cookie.encode("ascii", "xmlcharrefreplace").decode()}

    assert stranger.get("/pagar/cuenta").path == "/pagar"


# Forms


def test_a_form_from_elsewhere_does_nothing(world):
    visitor, other = Visitor(world.served), Visitor(world.served)
    visitor.enter(world.link())
    strange = other.enter(world.link())
    before = world.file.head.version

    for step in (one for one in INSIDE if one[0] == "POST"):
        for form in ({"_once": "abc"}, strange.hidden):
            answer = visitor.post(path_of(step), form | {"do": "code", "amount": "1"})
            assert (step, answer.status) == (step, 403)

    assert world.file.head.version == before
    assert visitor.get("/pagar/cuenta").path == "/pagar/cuenta"  # not even out


@pytest.mark.parametrize("path", ["/pagar", "/pagar/entrar", "/pagar/codigo"])
def test_a_form_of_the_door_from_elsewhere_is_refused_too(stranger, path):
    assert stranger.post(path, {"creditor": "x", "tax_id": "y", "code": "000000"}).status == 403


def test_a_form_sent_twice_is_done_once(world, visitor):
    visitor.enter(world.link())
    page = visitor.get("/pagar/no-puedo")

    first, second = (visitor.send(page, words="No tengo trabajo") for _ in range(2))

    assert first.path == second.path == "/pagar/listo/no-puedo"
    kinds = [event.kind for event in world.file.events]
    visitor.send(visitor.get("/pagar/no-puedo"), words="Otra vez")
    assert len(world.file.events) > len(kinds)
    told = [e for e in world.file.events if "No tengo trabajo" in str(e.personal)]
    assert len(told) == 1


def test_a_form_sent_in_two_tabs_at_once_is_done_once(world, visitor):
    visitor.enter(world.link())
    page = visitor.get("/pagar/no-puedo")

    with ThreadPoolExecutor(4) as tabs:
        sent = list(tabs.map(lambda _: visitor.send(page, words="Sin trabajo"), range(4)))

    assert {one.status for one in sent} == {200}
    assert len([e for e in world.file.events if "Sin trabajo" in str(e.personal)]) == 1


# Links


def test_a_link_changed_anywhere_opens_nothing(world, stranger):
    link = world.link()
    token = link.rpartition("/")[2]
    changed = [
        token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        for at in range(0, len(token), 5)
    ]

    for other in [*changed, token[:-1], token + "A", token.lower(), "", "%00", "a" * 300]:
        page = stranger.get(f"/pagar/a/{other}")
        assert page.status in (403, 404)
        assert world.portfolio.branding.display_name not in page.text


def test_a_link_for_something_else_or_under_another_key_opens_nothing(world, stranger):
    other = links.Link(
        purpose="unsubscribe",
        case_id=world.case_id,
        subject="con_1",
        channel="email",
        until=datetime.now(UTC).date() + timedelta(days=9),
    )
    forged = debtor_link.written(world.case_id, b"another key", now=datetime.now(UTC))

    for token in (links.sealed(other, wiring.link_key()), forged):
        assert stranger.get(f"/pagar/a/{token}").status == 404


def test_opening_a_link_tells_a_preview_nothing_and_counts_no_try(world, visitor):
    link = world.link()
    for _ in range(8):
        assert visitor.get(link, user_agent="WhatsApp/2").status == 200

    assert visitor.enter(link).path == "/pagar/cuenta"


# Sessions


def test_the_cookie_from_before_is_not_the_session(world):
    known = Visitor(world.served)
    known.get(world.link())
    planted = dict(known.cookies)
    victim = Visitor(world.served)
    victim.cookies = dict(planted)
    victim.enter(world.link())

    known.cookies = planted
    assert known.get("/pagar/cuenta").path == "/pagar"


@pytest.mark.parametrize(
    ("pauses", "path"),
    [([29, 29], "/pagar/cuenta"), ([31], "/pagar"), ([29] * 5, "/pagar")],
    ids=["in use", "left alone for half an hour", "used for too long"],
)
def test_a_session_ends(world, visitor, monkeypatch, pauses, path):
    monkeypatch.setattr(debtor_session, "MOST", timedelta(hours=2))
    visitor.enter(world.link())
    now = datetime.now(UTC)

    for minutes in pauses:
        now += timedelta(minutes=minutes)
        monkeypatch.setattr(wiring, "now", lambda now=now: now)
        page = visitor.get("/pagar/cuenta")

    assert page.path == path


# Somebody else


@pytest.fixture
def thief(world):
    """Another debtor of the same creditor, in by their own link."""
    case_id = world.another_case(name=VICTIM[::-1], tax_id=THIEFS_TAX_ID)
    visitor = Visitor(world.served)
    assert visitor.enter(world.link(case_id), THIEFS_TAX_ID[-4:]).path == "/pagar/cuenta"
    return visitor


def test_every_step_with_an_item_names_another_debtors():
    assert {one[1] for one in INSIDE if one[2]} == set(ITEMS)


def test_another_debtors_item_stays_closed(world, thief):
    before = world.file.head.version

    for step in (one for one in INSIDE if one[2]):
        item = ITEMS[step[1]](world)
        if step[0] == "GET":
            page = thief.get(path_of(step, item or "nothing"))
        else:
            page = thief.send(thief.get("/pagar/cuenta"), path_of(step, item))

        assert (step, page.status < 500) == (step, True)
        assert not [one for one in ("José", "Pérez", "F-D-1") if one in page.text]
        assert item == "" or item not in page.text.replace(page.path, "")
    assert world.file.head.version == before


def test_an_id_in_a_form_does_not_reach_another_case(world, thief):
    """What names something in a form is looked up in the case of the session."""
    before = world.file.head.version
    debt, phone = world.file.debts[0].debt_id, world.contact(PHONE)

    thief.send(thief.get("/pagar/mis-datos"), "/pagar/mis-datos", do="wrong", contact=phone + "x")
    form = {"kind": "not_mine", f"debt_{debt}": "on", "case_id": world.case_id}
    thief.send(thief.get("/pagar/aclarar"), "/pagar/aclarar", **form)

    assert world.file.head.version == before


def test_who_was_in_once_cannot_make_an_own_phone_the_second_fact(world, visitor):
    visitor.enter(world.link())
    visitor.send(visitor.get("/pagar/mis-datos"), phone="55 9876 4321")
    assert "+525598764321" in {one.value for one in world.file.contacts}

    back = Visitor(world.served)
    assert back.enter(world.link(), "4321").path != "/pagar/cuenta"
    back.send(back.get(world.link()), do="code")
    world.deliver()
    assert [one.content.to for one in world.provider.got] == [PHONE]


# What is told to who does not know


def spoken(page):
    """A page without what is made anew each time."""
    return re.sub(r'name="_(form|once)" value="[^"]+"', "", page.text)


def walk(world, creditor, tax_id):
    """Everything the door says to somebody who types and then guesses, and what it cost."""
    visitor, calls = Visitor(world.served), []
    original = Wire.call

    def counted(self, operation, body):
        calls.append(operation)
        return original(self, operation, body)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Wire, "call", counted)
        asked = visitor.send(visitor.get("/pagar"), creditor=creditor, tax_id=tax_id)
        wrong = visitor.send(asked, fact="0000", do="answer")
        code = visitor.send(wrong, do="code")
        no_code = visitor.send(code, code="000000")
    return [spoken(page) for page in (asked, wrong, code, no_code)], sorted(calls)


def test_wrong_and_unknown_are_told_the_same_after_the_same_work(world):
    creditor = world.portfolio.creditor

    known, work = walk(world, creditor, TAX_ID)

    assert walk(world, creditor, "GOMC700101AB1") == (known, work)
    assert walk(world, "Nadie S.A.", "GOMC700101AB2") == (known, work)


def test_what_the_door_tells_by_a_link_does_not_depend_on_what_is_known(world):
    bare = world.another_case("D-3", tax_id="")

    pages = [spoken(Visitor(world.served).get(world.link(one))) for one in (bare, world.case_id)]

    first, second = (re.sub(r"/pagar/a/[\w-]+", "", page) for page in pages)
    assert first.replace("%2F", "/").count("1AB3") == 0
    assert re.sub(r"%2F[\w%-]+", "", first) == re.sub(r"%2F[\w%-]+", "", second)


def test_who_tries_many_debtors_is_stopped_by_address(world, monkeypatch):
    from chalicelib.services import debtor_access

    monkeypatch.setattr(debtor_access, "OF_AN_ADDRESS", (3, 3600))
    there = {"x_forwarded_for": "203.0.113.9, 130.176.0.1"}
    for number in range(4):
        visitor = Visitor(world.served)
        asked = visitor.send(
            visitor.get("/pagar"), creditor="Nadie", tax_id=f"GOMC70010{number}AB9"
        )
        page = visitor.post(asked.path, asked.hidden | {"fact": "0000", "do": "answer"}, **there)
        assert ("Demasiados intentos" in page.text) == (number == 3)

    elsewhere = {"x_forwarded_for": "203.0.113.9, 198.51.100.4, 130.176.0.1"}  # the first is a lie
    link = world.link()
    visitor = Visitor(world.served)
    asked = visitor.get(link)
    page = visitor.post(link, asked.hidden | {"fact": TAX_ID[-4:]}, **elsewhere)
    assert page.path == "/pagar/cuenta"


def test_the_mail_is_nowhere_before_the_second_fact(world, visitor):
    for path in (world.link(), "/pagar", "/pagar/codigo"):
        assert MAIL not in visitor.get(path).text
