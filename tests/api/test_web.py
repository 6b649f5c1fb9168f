"""What every route does alike: reading, refusing, answering, repeating."""

import json

import pytest

from chalicelib import wiring
from chalicelib.domain.errors import InProgress
from chalicelib.handlers import web

NEW = {"name": "A", "creditor": "B", "country": "MX"}


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"{", 400, "request.not_json"),
        (b"\xff\xfe", 400, "request.not_json"),
        (b"[]", 422, "request.bad_field"),
        (b"", 422, "request.bad_field"),
        (b'{"name": NaN}', 422, "request.bad_field"),
        (b" " * (web.MAX_BODY_BYTES + 1), 413, "request.too_large"),
    ],
    ids=["cut off", "not text", "a list", "nothing", "not a number", "too large"],
)
def test_a_body_that_cannot_be_read_is_refused(common, raw, status, code):
    answer = common("POST /portfolios", raw=raw)

    assert (answer.status, answer.code) == (status, code)


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"country": "ZZ"}, "country", "not_one_of"),
        ({"name": ""}, "name", "too_short"),
        ({"name": "x" * 121}, "name", "too_long"),
        ({"name": 7}, "name", "not_text"),
        ({"nmae": "x"}, "nmae", "unknown"),
        ({"policies": {"cash_allowed": "yes"}}, "policies.cash_allowed", "not_yes_or_no"),
        ({"policies": {"bands": [{"code": "a"}]}}, "policies.bands.0.from_dpd", "missing"),
        ({"currency": "mxn"}, "currency", "bad_format"),
    ],
)
def test_a_bad_field_is_named(common, change, field, reason):
    answer = common("POST /portfolios", NEW | change)

    assert (answer.status, answer.code) == (422, "request.bad_field")
    assert answer.body["details"] == {"field": field, "reason": reason}


@pytest.mark.parametrize("text", ["ñandú", "=", "aGk=aGk"])
@pytest.mark.parametrize(
    ("route", "body", "field"),
    [
        ("PUT /portfolios/{portfolio}/logo", {"version": 1}, "image"),
        ("PUT /people/per_1/photo", {}, "image"),
        ("POST /portfolios/{portfolio}/forms", {"filename": "a.xlsx"}, "content"),
        ("POST /portfolios/{portfolio}/bank-files", {"filename": "a.csv"}, "content"),
        ("POST /disputes/cas_1/dsp_1/evidence", {"name": "a.jpg", "shown": False}, "content"),
    ],
)
def test_a_file_that_is_no_base_64_is_refused(common, route, body, field, text):
    portfolio = common("POST /portfolios", NEW).body["portfolio_id"]

    answer = common(route.format(portfolio=portfolio), body | {field: text})

    assert (answer.status, answer.code) == (422, "request.bad_field"), answer.body
    assert answer.body["details"]["field"] == field


def test_a_refusal_is_a_problem_and_nobody_keeps_it(common):
    answer = common("GET /portfolios/prt_none")

    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.body["type"] == "urn:recobro:problem:portfolio.not_found"
    assert answer.body["status"] == answer.status == 404


def test_a_bug_tells_nothing_but_an_id(api, admin, monkeypatch):
    def broken(**_):
        raise RuntimeError("a secret")

    monkeypatch.setattr(wiring.people().__class__, "page", broken)

    answer = api("GET /people", token=admin)

    assert (answer.status, answer.code) == (500, "internal")
    assert "secret" not in json.dumps(answer.body)


def test_path_parameters_are_read_as_they_were_meant(common):
    answer = common("GET /people/a%20b%2Fc")

    assert (answer.status, answer.code) == (404, "person.not_found")


def test_a_repeat_while_the_first_request_runs_is_told_to_wait(api, admin, monkeypatch):
    monkeypatch.setattr(wiring.repeats().__class__, "finish", lambda *_, **__: None)
    api("POST /portfolios", NEW, token=admin, idempotency_key="key-00001")

    again = api("POST /portfolios", NEW, token=admin, idempotency_key="key-00001")

    assert (again.status, again.code) == (409, InProgress.code)
    assert again.body["details"]["retry_after_s"] > 0


def test_keys_of_different_people_are_different_keys(api, admin, cloud):
    first = api("POST /portfolios", NEW, token=admin, idempotency_key="key-00001")
    path = f"POST /portfolios/{first.body['portfolio_id']}/tokens"
    token = api(path, {"name": "T"}, token=admin).body["token"]

    other = api("POST /portfolios", NEW, token=token, idempotency_key="key-00001")

    assert other.status == 403


@pytest.mark.parametrize("key", ["short", "with space in it", "x" * 129])
def test_a_key_has_a_sensible_length_and_letters(common, key):
    answer = common("POST /portfolios", NEW, idempotency_key=key)

    assert (answer.status, answer.body["details"]["field"]) == (422, "Idempotency-Key")
