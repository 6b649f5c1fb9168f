"""What somebody writes at a debtor's page, or has in a file, never becomes part of a page."""

import re
from html.parser import HTMLParser

from tests.selfpay.conftest import Visitor
from tests.selfpay.steps import INSIDE, path_of

XSS = "\"><img src=x onerror=alert(1)><script>alert(2)</script>'{{7*7}}"


class Forms(HTMLParser):
    """The forms of a page: where they go, and which fields take words."""

    def __init__(self, page):
        super().__init__()
        self.found, self.elements = [], []
        self.feed(page.text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.elements.append((tag, given))
        if tag == "form":
            self.found.append((given.get("action") or "", {}))
        elif tag in ("input", "textarea", "select") and self.found and given.get("name"):
            kind = given.get("type", "text")
            if kind in ("radio", "checkbox"):
                self.found[-1][1].setdefault(given["name"], given.get("value") or "on")
            elif kind != "hidden":
                self.found[-1][1][given["name"]] = XSS


def test_nothing_a_debtor_writes_becomes_part_of_a_page(world, visitor):
    visitor.enter(world.link())
    pages = [one for one in INSIDE if one[0] == "GET" and not one[2]]
    sent = 0
    for step in pages:
        page = visitor.get(path_of(step))
        for action, fields in Forms(page).found:
            where = action or page.path
            if where == "/pagar/salir" or not fields:
                continue
            good = {"amount": "10", "day": "2026-12-01"}
            tries = [fields] + ([fields | good] if good.keys() & fields.keys() else [])
            for form in tries:
                fresh = visitor.get(path_of(step)) if form is not fields else page
                answer = visitor.send(fresh, where, **form)
                sent += 1
                assert answer.status < 500
                assert_harmless(answer)
    assert sent >= 8
    for step in pages:
        assert_harmless(visitor.get(path_of(step)))


def test_nothing_typed_at_the_door_becomes_part_of_a_page(world):
    visitor = Visitor(world.served)
    asked = visitor.send(visitor.get("/pagar"), creditor=XSS, tax_id=XSS)
    for page in (
        asked,
        visitor.send(asked, fact=XSS, do="answer"),
        visitor.get(f"/pagar/a/{'x' * 48}"),
    ):
        assert_harmless(page)
    for query in ("told", "no", "de"):
        assert_harmless(visitor.get(f"/pagar?{query}=%22%3E%3Cscript%3Ealert(1)%3C/script%3E"))


def assert_harmless(page):
    assert "49" not in re.findall(r"'(\d+)", page.text)  # nothing was computed
    for tag, given in Forms(page).elements:
        assert tag != "script"
        assert given.get("src") != "x"
        assert not [name for name in given if name.startswith("on")]
    assert "script-src" not in page.headers["content-security-policy"]


def test_names_from_a_file_are_no_part_of_a_page_either(world, visitor):
    case_id = world.another_case("D-9", name=f"Ana {XSS}", tax_id="LOAA900202ZZ8")

    page = visitor.enter(world.link(case_id), "2ZZ8")

    assert page.path == "/pagar/cuenta"
    assert_harmless(page)
