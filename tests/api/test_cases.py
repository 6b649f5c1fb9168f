"""Cases, their ledger and their figures, through the API."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain import ids
from chalicelib.domain.draft import local_day
from chalicelib.domain.people import Role
from chalicelib.prediction import forecast
from chalicelib.prediction.forecast import Deployed
from chalicelib.services import verify
from tests.api.cloud import put_case
from tests.api.conftest import sign_in
from tests.unit.prediction.test_habit import HABIT


@pytest.fixture
def today():
    return local_day(datetime.now(UTC), "America/Mexico_City")


@pytest.fixture
def case_id(portfolio_id, today):
    return put_case(portfolio_id, today - timedelta(days=20))


@pytest.fixture(scope="module")
def desk(common):
    """A case that nobody changes, for what only reads or gets refused."""
    put_case(common.portfolio_id, date(2026, 1, 15))
    return common


@pytest.fixture
def post(api, admin, case_id):
    def send(what, body, **headers):
        return api(f"POST /cases/{case_id}/{what}", body, token=admin, **headers)

    return send


def payment(today, **change):
    return {"amount_minor": 25_000, "paid_on": str(today), "reference": "R-1"} | change


def test_a_case_opens_with_everything(api, admin, case_id, today):
    page = api(f"GET /cases/{case_id}", token=admin).body

    assert page["case"]["balance"] == {"minor": 100_000, "currency": "MXN"}
    assert (page["case"]["dpd"], page["case"]["band"]) == (20, "8-30")
    assert page["debts"][0]["external_id"] == "F-1"
    assert page["contacts"][0]["value"] == "+525512345678"
    assert all(page["can"].values())


def test_a_case_says_what_is_foretold_of_each_debt_or_why_nothing_is(
    api, admin, portfolio_id, today, monkeypatch
):
    late = [today - timedelta(days=days) for days in (120, 90, 3)]
    case_id = put_case(portfolio_id, late[0], more=late[1:])
    page = api(f"GET /cases/{case_id}", token=admin).body
    assert (page["forecast"], page["no_forecast"]) == (None, "no_model")
    assert [one["forecast"] for one in page["debts"]] == [None] * 3
    monkeypatch.setattr(forecast, "deployed", lambda *_: Deployed(habit=HABIT, until=today))
    page = api(f"GET /cases/{case_id}", token=admin).body
    assert (page["forecast"], page["no_forecast"]) == (None, "too_few_paid")
    for number, debt in enumerate(sorted(page["debts"], key=lambda one: one["due_on"])[:2]):
        paid = payment(
            today,
            amount_minor=debt["balance"]["minor"],
            paid_on=str(today - timedelta(days=60)),
            reference=f"P-{number}",
            debt_id=debt["debt_id"],
        )
        assert api(f"POST /cases/{case_id}/payments", paid, token=admin).status == 201

    page = api(f"GET /cases/{case_id}", token=admin).body

    told = {one["due_on"]: one["forecast"] for one in page["debts"]}
    assert page["no_forecast"] == ""
    assert page["forecast"]["reasons"][0]["code"] == "paid_before"
    assert told[str(late[0])] is None
    assert told[str(late[2])]["percent"] == page["forecast"]["percent"]
    assert told[str(late[2])]["expected"] == page["forecast"]["expected"]


def test_a_payment_moves_balance_figures_and_timeline(api, admin, portfolio_id, post, today):
    page = post("payments", payment(today))

    assert page.status == 201
    assert page.body["case"]["balance"]["minor"] == 75_000
    assert page.body["timeline"]["items"][0]["kind"] == "payment.posted"
    assert page.body["timeline"]["items"][0]["actor"]["name"] == "Ana"
    figures = api(f"GET /portfolios/{portfolio_id}/kpis", token=admin).body
    assert figures["balance"]["minor"] == 75_000
    assert figures["overdue"]["minor"] == 75_000
    assert figures["recovered"]["today"]["minor"] == 25_000
    assert figures["days"][-1]["payments"] == 1
    listed = api("GET /portfolios", token=admin).body["items"][0]
    assert listed["kpis"]["balance"] == figures["balance"]
    assert api("GET /kpis", token=admin).body["currencies"][0]["balance"] == figures["balance"]


@pytest.mark.parametrize("key", ["key-00001", None], ids=["with a key", "by its reference alone"])
def test_a_payment_sent_twice_counts_once(post, today, key):
    headers = {"idempotency_key": key} if key else {}

    pages = [post("payments", payment(today), **headers) for _ in range(2)]

    assert [page.body["case"]["balance"]["minor"] for page in pages] == [75_000, 75_000]
    assert [len(page.body["entries"]) for page in pages] == [2, 2]


def test_a_reference_belongs_to_one_payment(post, today):
    post("payments", payment(today))

    refused = post("payments", payment(today, amount_minor=1))

    assert (refused.status, refused.code) == (409, "fact.already_recorded")


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("notes", {"text": "Promete llamar"}),
        ("promises", {"amount_minor": 5_000, "due_on": "2099-01-01", "channel": "phone"}),
    ],
)
def test_a_repeat_by_key_adds_nothing(post, what, body):
    pages = [post(what, body, idempotency_key="key-00001") for _ in range(2)]

    assert pages[0].status == pages[1].status == 201
    assert pages[0].body["chain"] == pages[1].body["chain"]


def test_the_ledger_is_corrected_by_more_entries(post, case_id, portfolio_id):
    debt = ids.debt_id(portfolio_id, "F-1")
    wanted = {"debt_id": debt, "component": "principal", "reason": "Error de captura"}

    adjusted = post("adjustments", wanted | {"amount_minor": -10_000}).body
    assert adjusted["case"]["balance"]["minor"] == 90_000
    waived = post("waivers", wanted | {"amount_minor": 40_000}).body
    assert waived["case"]["balance"]["minor"] == 50_000
    waiver = next(entry for entry in waived["entries"] if entry["kind"] == "waiver")
    reversed_ = post("reversals", {"entry_id": waiver["entry_id"], "reason": "No procede"}).body

    assert reversed_["case"]["balance"]["minor"] == 90_000
    kept = next(e for e in reversed_["entries"] if e["entry_id"] == waiver["entry_id"])
    assert kept["reversed_by"] is not None


def test_the_language_of_messages_is_noted_and_told(api, admin, case_id):
    path = f"PUT /cases/{case_id}/language"
    before = api(f"GET /cases/{case_id}", token=admin).body["case"]
    assert (before["language"], before["written_in"]) == ("", "es")

    noted = api(path, {"language": "pt"}, token=admin).body

    assert (noted["case"]["language"], noted["case"]["written_in"]) == ("pt", "pt")
    assert noted["timeline"]["items"][0]["kind"] == "language.changed"
    assert api(path, {"language": "pt"}, token=admin).body["chain"] == noted["chain"]
    assert api(path, {"language": ""}, token=admin).body["case"]["written_in"] == "es"
    wrong = api(path, {"language": "fr"}, token=admin)
    assert (wrong.status, wrong.body["details"]["field"]) == (422, "language")


def test_tags_and_promises_change_and_can_be_taken_back(api, admin, case_id, post, today):
    tagged = api(f"PUT /cases/{case_id}/tags", {"tags": ["vip", "norte"]}, token=admin)
    assert sorted(tagged.body["case"]["tags"]) == ["norte", "vip"]
    due = str(today + timedelta(days=3))
    promised = post("promises", {"amount_minor": 100, "due_on": due}).body
    assert promised["case"]["status"] == "promised"

    promise = promised["promises"][0]["promise_id"]
    path = f"PATCH /cases/{case_id}/promises/{promise}"
    cancelled = api(path, {"state": "cancelled"}, token=admin)

    assert cancelled.body["case"]["status"] == "open"


def test_a_timeline_verifies_and_is_paged(api, admin, case_id, post):
    for number in range(3):
        post("notes", {"text": f"Nota {number}"})

    proof = api(f"GET /cases/{case_id}/verification", token=admin).body
    page = api(f"GET /cases/{case_id}/timeline?kind=note.added&limit=2", token=admin).body

    assert proof["ok"] is True
    assert [item["personal"]["text"] for item in page["items"]] == ["Nota 2", "Nota 1"]
    rest = api(
        f"GET /cases/{case_id}/timeline?kind=note.added&cursor={page['cursor']}", token=admin
    ).body
    assert [item["personal"]["text"] for item in rest["items"]] == ["Nota 0"]


@pytest.mark.parametrize(
    ("typed", "matched"),
    [
        ("jose perez", "name"),
        ("ñandu", "name"),
        ("55 1234 5678", "phone"),
        ("%2B52 (55) 1234-5678", "phone"),
        ("F-1", "debt"),
        ("D-1", "debtor"),
    ],
)
def test_a_debtor_is_found_by_whatever_was_typed(desk, typed, matched):
    path = f"GET /portfolios/{desk.portfolio_id}/cases?q={typed.replace(' ', '%20')}"

    found = desk(path).body["items"]

    case_id = ids.case_id(desk.portfolio_id, "D-1")
    assert [(item["case_id"], item["matched"]) for item in found] == [(case_id, matched)]


def test_lists_are_filtered_sorted_and_paged(api, admin, portfolio_id, today):
    for days in (5, 15, 45):
        put_case(portfolio_id, today - timedelta(days=days), f"D-{days}", f"F-{days}")

    def listed(query):
        return api(f"GET /portfolios/{portfolio_id}/cases?{query}", token=admin).body

    dpd = [item["dpd"] for item in listed("sort=due")["items"]]
    assert dpd == [45, 15, 5]
    assert [item["dpd"] for item in listed("band=8-30")["items"]] == [15]
    assert listed("min_minor=100001")["items"] == []
    assert [item["owner"] for item in listed("owner=none")["items"]] == [None, None, None]
    assert listed("owner=per_nobody_knows")["items"] == []
    untouched = listed("untouched_days=7")["items"]
    assert [(item["dpd"], item["touched_on"]) for item in untouched] == [
        (45, None), (15, None), (5, None),
    ]  # fmt: skip
    assert [item["dpd"] for item in listed("untouched_days=7&band=8-30&sort=-due")["items"]] == [15]
    first = listed("sort=due&limit=2")
    rest = listed(f"sort=due&limit=2&cursor={first['cursor']}")
    assert [item["dpd"] for item in (*first["items"], *rest["items"])] == dpd


@pytest.mark.parametrize(
    "query",
    ["band=none", "sort=colour", "status=void", "min_minor=x", "cursor=zzz", "untouched_days=0"],
)
def test_a_list_that_cannot_be_is_refused(desk, query):
    refused = desk(f"GET /portfolios/{desk.portfolio_id}/cases?{query}")

    assert (refused.status, refused.code) == (422, "request.bad_field")
    assert refused.body["details"]["field"] == query.split("=")[0]


@pytest.mark.parametrize(
    ("what", "change", "field"),
    [
        ("payments", {"amount_minor": 0}, "amount_minor"),
        ("payments", {"amount_minor": "25000"}, "amount_minor"),
        ("payments", {"paid_on": "22/11/2026"}, "paid_on"),
        ("payments", {"paid_on": "2099-01-01"}, "paid_on"),
        ("payments", {"reference": ""}, "reference"),
        ("notes", {"text": " "}, "text"),
        ("promises", {"due_on": "2020-01-01"}, "due_on"),
    ],
)
def test_what_makes_no_sense_is_named(desk, what, change, field):
    good = {
        "payments": payment("2026-11-01"),
        "notes": {"text": "x"},
        "promises": {"amount_minor": 1, "due_on": "2099-01-01"},
    }
    case_id = ids.case_id(desk.portfolio_id, "D-1")

    refused = desk(f"POST /cases/{case_id}/{what}", good[what] | change)

    assert (refused.status, refused.code) == (422, "request.bad_field")
    assert refused.body["details"]["field"] == field


def test_an_agent_pays_within_the_portfolios_limit(api, cloud, admin, case_id, today):
    portfolio_id = api("GET /portfolios", token=admin).body["items"][0]["portfolio_id"]
    token = sign_in(api, cloud, "a@example.com", Role.AGENT, portfolios=(portfolio_id,))
    path = f"POST /cases/{case_id}/payments"
    refused = api(path, payment(today), token=token)
    assert (refused.status, refused.code) == (403, "actor.not_allowed")

    limits = {"policies": {"role_limits": {"agent_payment_minor": 10_000}}, "version": 1}
    api(f"PATCH /portfolios/{portfolio_id}", limits, token=admin)

    over = api(path, payment(today), token=token)
    assert (over.status, over.body["details"]) == (403, {"limit_minor": 10_000})
    within = api(path, payment(today, amount_minor=10_000), token=token)
    assert within.body["case"]["balance"]["minor"] == 90_000


def test_promises_made_together_are_one_series_and_have_limits(api, admin, case_id, post, today):
    days = [(today + timedelta(days=7 * n)).isoformat() for n in (1, 2, 3, 4, 5)]
    then = [{"amount_minor": 200, "due_on": day} for day in days[1:]]
    first = {"amount_minor": 100, "due_on": days[0]}

    made = post("promises", first | {"then": then[:2]}).body["promises"]
    refused = post("promises", first | {"then": then})

    assert [one["state"] for one in made] == ["open"] * 3
    assert len({one["series_id"] for one in made}) == 1
    assert all(one["last_day"] > one["due_on"] for one in made)
    assert (refused.status, refused.code) == (422, "request.bad_field")


def test_dates_of_a_series_are_told_before_anything_is_promised(api, admin, case_id, post, today):
    path = f"GET /cases/{case_id}/promise-dates?amount_minor=1000&frequency=weekly"
    first = today + timedelta(days=7)

    parts = api(f"{path}&first_on={first}&parts=3", token=admin).body["items"]
    refused = api(f"{path}&first_on={first}&parts=5", token=admin)
    unknown = api(f"{path}x&first_on={first}&parts=2", token=admin)

    assert [one["amount"]["minor"] for one in parts] == [334, 334, 332]
    assert [one["meant_for"] for one in parts] == [
        (first + timedelta(days=7 * n)).isoformat() for n in range(3)
    ]
    assert all(one["due_on"] >= one["meant_for"] for one in parts)
    assert (refused.status, unknown.status) == (422, 422)
    assert api(f"GET /cases/{case_id}", token=admin).body["promises"] == []
    kept = [{"amount_minor": one["amount"]["minor"], "due_on": one["due_on"]} for one in parts]
    assert post("promises", kept[0] | {"then": kept[1:]}).status == 201


def test_an_agent_promises_no_further_than_the_portfolio_wants(api, cloud, admin, case_id, today):
    portfolio_id = api(f"GET /cases/{case_id}", token=admin).body["portfolio"]["id"]
    agent = sign_in(api, cloud, "lejos@example.mx", Role.AGENT, portfolios=(portfolio_id,))
    far = {"amount_minor": 100, "due_on": (today + timedelta(days=30)).isoformat()}

    refused = api(f"POST /cases/{case_id}/promises", far, token=agent)
    agreed = api(f"POST /cases/{case_id}/promises", far, token=admin)

    assert (refused.status, refused.code) == (422, "promise.too_late")
    assert agreed.status == 201


def test_how_far_promises_are_kept_is_told_by_case_and_by_person(api, admin, case_id, post, today):
    portfolio_id = api(f"GET /cases/{case_id}", token=admin).body["portfolio"]["id"]
    path = f"GET /portfolios/{portfolio_id}/reliability"
    assert api(path, token=admin).body["items"] == []
    post("promises", {"amount_minor": 100, "due_on": today.isoformat()})

    page = post("payments", {"amount_minor": 100, "paid_on": today.isoformat(), "reference": "R"})

    (one,) = api(path, token=admin).body["items"]
    assert (one["matured"], one["kept"], one["score"]) == (1, 1, 67)
    assert one["person"]["id"] == api("GET /me", token=admin).body["person_id"]
    assert page.body["reliability"]["score"] == 67
    kpis = api(f"GET /portfolios/{portfolio_id}/kpis", token=admin).body
    assert kpis["promises"] == {"matured": 1, "kept": 1, "partial": 0, "broken": 0}
    report = verify.portfolio(
        portfolio_id,
        cases=wiring.cases(),
        stored=wiring.counters(),
        time_zone="America/Mexico_City",
    )
    assert report.ok, report.differences
