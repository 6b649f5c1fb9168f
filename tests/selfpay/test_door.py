"""The way in: a link or what is typed, a second fact, and nothing told before it."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib import wiring
from tests.selfpay.conftest import MAIL, PHONE, TAX_ID, Visitor

PERSONAL = ("José", "Pérez", "1,000", "1000", PHONE[-4:], TAX_ID[-4:], "F-D-1", "factura", "jose")


def told(page):
    """What of the debtor stands on a page, whatever hides it."""
    body = page.text.split("</style>")[1]
    return [one for one in PERSONAL if one in body.replace(page.path, "")]


def test_a_link_asks_for_a_second_fact_and_shows_nothing_else(world, visitor):
    page = visitor.get(world.link())

    assert page.status == 200
    assert world.portfolio.branding.display_name in page.text
    assert told(page) == []
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in page.headers["x-robots-tag"]
    assert "script-src" not in page.headers["content-security-policy"]


@pytest.mark.parametrize("fact", ["1AB3", "1ab3", "5678", "56 78"])
def test_either_fact_lets_the_debtor_in(world, visitor, fact):
    assert visitor.enter(world.link(), fact).path == "/pagar/cuenta"


def test_the_phone_that_got_the_link_is_no_second_fact(world, visitor):
    link = world.link(contact_id=world.contact(PHONE))

    assert visitor.enter(link, PHONE[-4:]).path == link
    assert visitor.enter(link, TAX_ID[-4:]).path == "/pagar/cuenta"


def test_after_five_wrong_answers_the_right_one_is_not_heard(world, visitor):
    link = world.link()

    for _ in range(5):
        assert "No coincide" in visitor.enter(link, "0000").text
    refused = visitor.enter(link)

    assert (refused.path, "Demasiados intentos" in refused.text) == (link, True)
    assert visitor.get("/pagar/cuenta").path == "/pagar"


def test_an_expired_link_leads_to_the_other_door(world, visitor):
    old = world.link(now=datetime.now(UTC) - timedelta(days=61))

    page = visitor.get(old)

    assert (page.status, "ya no sirve" in page.text) == (404, True)
    assert world.portfolio.branding.display_name not in page.text


def test_a_revoked_link_ends_and_so_does_who_came_by_it(world, visitor):
    link = world.link()
    visitor.enter(link)
    store, now = wiring.debtor_access_store(), datetime.now(UTC) + timedelta(seconds=1)

    before = store.links(world.case_id)
    assert store.change_links(before, before.with_all_revoked(now), case_id=world.case_id)

    assert visitor.get("/pagar/cuenta").path == "/pagar"
    assert visitor.get(link).status == 404
    late = before.with_all_revoked(now)  # of somebody who did not see it
    assert not store.change_links(before, late, case_id=world.case_id)


def test_creditor_and_tax_id_are_a_door_too(world, visitor):
    asked = visitor.send(
        visitor.get("/pagar"), creditor=world.portfolio.creditor.lower(), tax_id="peñj-800101-ab3"
    )
    assert (asked.path, told(asked)) == ("/pagar/entrar", [])

    assert visitor.send(asked, fact=TAX_ID[-4:], do="answer").path == "/pagar/entrar"
    assert visitor.send(asked, fact=PHONE[-4:], do="answer").path == "/pagar/cuenta"


def test_a_one_time_code_lets_in_by_a_link(world, visitor):
    link = world.link(contact_id=world.contact(PHONE))
    sent = visitor.send(visitor.get(link), do="code")
    assert (sent.path, told(sent)) == ("/pagar/codigo", [])

    code = world.code()

    assert world.provider.got[-1].content.to == MAIL  # not the phone that has the link
    assert visitor.send(sent, code="000000").path == "/pagar/codigo"
    assert visitor.send(sent, code=code).path == "/pagar/cuenta"


def test_a_one_time_code_is_good_in_its_browser_only(world, visitor):
    asked = visitor.send(visitor.get("/pagar"), creditor=world.portfolio.creditor, tax_id=TAX_ID)
    visitor.send(asked, do="code")
    other = Visitor(world.served)
    page = other.send(other.get("/pagar"), creditor=world.portfolio.creditor, tax_id=TAX_ID)
    page = other.send(page, do="code")
    world.deliver()
    first = world.provider.got[0].content.text

    assert (
        other.send(page, code="".join(c for c in first if c.isdigit())[:6]).path == "/pagar/codigo"
    )


def test_who_is_not_in_sees_no_account(visitor):
    assert visitor.get("/pagar/cuenta").path == "/pagar"


def test_leaving_leaves_nothing(world, visitor):
    inside = visitor.enter(world.link())
    cookie = dict(visitor.cookies)

    assert "Salió" in visitor.send(inside, "/pagar/salir").text

    visitor.cookies = cookie
    assert visitor.get("/pagar/cuenta").path == "/pagar"


def test_the_cookie_is_for_these_pages_and_no_script(world, visitor):
    page = visitor.get(world.link())

    rules = page.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/pagar"} <= set(rules.split("; "))


@pytest.mark.parametrize(("language", "words"), [("en", "Open your account"), ("pt", "Entre na")])
def test_the_language_can_be_changed(world, visitor, language, words):
    link = world.link()

    page = visitor.get(f"/pagar/idioma/{language}?de={link}")

    assert (page.path, words in page.text) == (link, True)


@pytest.mark.parametrize(
    "back", ["https://x.example", "//x.example", "/pagar//x.example", "/panel/"]
)
def test_the_language_leads_nowhere_else(world, visitor, back):
    assert visitor.get(f"/pagar/idioma/en?de={back}").path == "/pagar"


def test_the_door_on_a_small_phone(world, phone):
    phone.goto(world.link())
    phone.get_by_label("Últimos 4").fill(TAX_ID[-4:])
    phone.get_by_role("button", name="Entrar").click()

    phone.wait_for_url("**/pagar/cuenta")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


def test_wrong_answers_and_dead_links_on_a_small_phone(world, phone):
    link = world.link()
    phone.goto(link)
    for fact in ("0000",) * 5 + (TAX_ID[-4:],):
        phone.get_by_label("Últimos 4").fill(fact)
        with phone.expect_navigation():
            phone.get_by_role("button", name="Entrar").click()
        said = phone.get_by_role("alert").inner_text()
        assert ("Demasiados intentos" in said) == (fact != "0000")

    phone.goto(world.link(now=datetime.now(UTC) - timedelta(days=61)))
    phone.get_by_role("heading", name="Este enlace ya no sirve").wait_for()
    store = wiring.debtor_access_store()
    before = store.links(world.case_id)
    now = datetime.now(UTC) + timedelta(seconds=1)
    store.change_links(before, before.with_all_revoked(now), case_id=world.case_id)
    phone.goto(link)
    phone.get_by_role("heading", name="Este enlace ya no sirve").wait_for()
    phone.get_by_role("link", name="Volver").click()
    phone.get_by_label("¿A quién le debe?").wait_for()
