"""Questionnaires, through the API."""

import base64

import pytest

from chalicelib.domain.people import Role
from chalicelib.forms.starter import starter
from tests.api.conftest import NEW, sign_in
from tests.unit.forms.books import book, question


def sent(survey, choices=()):
    return {
        "filename": "visita.xlsx",
        "content": base64.b64encode(book(survey, choices)).decode(),
    }


@pytest.fixture
def portfolio(common):
    return common("POST /portfolios", NEW).body["portfolio_id"]


@pytest.fixture
def base(portfolio):
    return f"/portfolios/{portfolio}/forms"


def test_from_the_starter_to_the_agents_day(common, base, portfolio):
    link = common(f"GET /portfolios/{portfolio}/form-starter?language=pt")
    name, content = starter("pt")
    made = common(f"POST {base}", {"filename": name, "content": base64.b64encode(content).decode()})
    form_id = made.body["form_id"]

    assert link.status == 200
    assert name in link.body["url"]
    assert (made.status, made.body["state"], made.body["title"]) == (201, "draft", "Visita")
    assert made.body["versions"][0]["filename"] == name

    opened = common(f"GET {base}/{form_id}/versions/1").body
    assert opened["compiled"]["languages"][0] == "pt"
    assert (opened["forbidden"], opened["warnings"]) == ([], [])

    edited = common(
        f"POST {base}/{form_id}/versions",
        {
            "revision": 1,
            "changes": {
                "base": 1,
                "questions": [{"path": ["notas"], "label": {"pt": "Observações"}}],
            },
        },
    )
    assert (edited.status, edited.body["latest"]) == (201, 2)
    published = common(f"POST {base}/{form_id}/publication", {"revision": 2, "version": 2})
    assert (published.status, published.body["published"]) == (200, 2)
    assert common(f"GET {base}").body["items"][0]["state"] == "published"

    version = common(f"GET /portfolios/{portfolio}").body["version"]
    field = {"field": {"forms": [{"form_id": form_id}]}}
    used = common(f"PATCH /portfolios/{portfolio}", {"version": version, "policies": field})
    assert used.status == 200
    assert common(f"GET {base}/{form_id}").body["uses"] == [
        {"form_id": form_id, "products": [], "dispositions": []}
    ]

    day = common("GET /field/day").body
    [form] = day["forms"]
    dispositions = {each["code"]: each for each in day["portfolios"][portfolio]["dispositions"]}
    assert (form["form_id"], form["version"]) == (form_id, 2)
    assert form["compiled"]["items"][-1]["label"]["pt"] == "Observações"
    assert dispositions["promise"]["form_id"] == form_id
    assert dispositions["nobody_home"]["form_id"] is None

    archived = common(f"POST {base}/{form_id}/archival", {"revision": published.body["revision"]})
    assert archived.body["state"] == "archived"
    assert common("GET /field/day").body["forms"] == []


def test_a_file_that_makes_none_is_refused_with_its_cells(common, base):
    wrong = [question("integer", "edad", constraint=". >"), question("text", "x", relevant="a(")]

    refused = common(f"POST {base}", sent(wrong))

    assert (refused.status, refused.body["code"]) == (422, "form.refused")
    cells = [(p["row"], p["column"]) for p in refused.body["details"]["problems"]]
    assert cells == [(2, "constraint"), (3, "relevant")]


def test_a_file_of_a_megabyte_is_read_and_one_of_five_is_not(common, base):
    big = {"filename": "a.xlsx", "content": base64.b64encode(b"x" * 1_000_000).decode()}
    huge = {"filename": "a.xlsx", "content": base64.b64encode(b"x" * 5_000_000).decode()}

    assert common(f"POST {base}", big).body["code"] == "form.refused"
    assert common(f"POST {base}", huge).status == 413


def test_a_change_of_what_somebody_changed_is_refused(common, base):
    form_id = common(f"POST {base}", sent([question("text", "nota")])).body["form_id"]
    common(f"POST {base}/{form_id}/publication", {"revision": 1, "version": 1})

    again = common(
        f"POST {base}/{form_id}/versions", {"revision": 1, "file": sent([question("text", "a")])}
    )
    empty = common(f"POST {base}/{form_id}/versions", {"revision": 2})

    assert (again.status, again.body["code"]) == (409, "form.moved")
    assert (empty.status, empty.body["details"]["field"]) == (422, "file")


@pytest.mark.parametrize("number", ["9", "x", "-1", "99999999"])
def test_a_version_that_is_not_there_is_not_found(common, base, number):
    form_id = common(f"POST {base}", sent([question("text", "nota")])).body["form_id"]

    assert common(f"GET {base}/{form_id}/versions/{number}").status == 404
    assert common(f"GET {base}/{form_id}/versions/{number}/original").status == 404


def test_a_portfolio_says_what_visits_can_come_to(common, portfolio):
    listed = common(f"GET /portfolios/{portfolio}/dispositions").body
    own = [{**listed["items"][0], "code": "pago", "needs_cash": False}]
    version = common(f"GET /portfolios/{portfolio}").body["version"]

    changed = common(
        f"PATCH /portfolios/{portfolio}",
        {"version": version, "policies": {"field": {"dispositions": own, "show_amount": "band"}}},
    )

    assert not listed["own"]
    assert changed.status == 200
    after = common(f"GET /portfolios/{portfolio}/dispositions").body
    assert (after["own"], [each["code"] for each in after["items"]]) == (True, ["pago"])
    assert after["defaults"] == listed["items"]
    shown = common("GET /field/day").body["portfolios"][portfolio]
    assert (shown["show_amount"], shown["dispositions"][0]["code"]) == ("band", "pago")


def test_a_key_names_the_request_of_one_person(api, cloud, admin):
    portfolio = api("POST /portfolios", NEW, token=admin).body["portfolio_id"]
    other = sign_in(api, cloud, "sup@example.com", Role.SUPERVISOR, portfolios=(portfolio,))
    body = sent([question("text", "nombre")])

    made = [
        api(f"POST /portfolios/{portfolio}/forms", body, token=who, idempotency_key="key-00001")
        for who in (admin, admin, other)
    ]

    first, again, theirs = (answer.body["form_id"] for answer in made)
    assert again == first
    assert theirs != first
