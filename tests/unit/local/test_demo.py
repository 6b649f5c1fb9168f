"""The demo's loader: what it answers to the reader, and that a second run adds nothing."""

from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from chalicelib.domain.portfolio import Branding, Identification
from chalicelib.services import strategies_in_force
from chalicelib.strategies.ready_made import ready_made
from local import demo
from local.client import Problem
from local.demo import ZONE
from local.generator import files, portfolio
from tests.builders import a_portfolio

TODAY = date(2026, 11, 22)
BEGUN_AT = datetime(2026, 11, 22, 12, tzinfo=ZONE)


class Stack:
    """The API as the loader meets it, in memory; counts what was really added."""

    def __init__(self, rejected=None):
        self.portfolios, self.uploads, self.keys, self.paid = [], {}, set(), set()
        self.strategies, self.playbooks, self.paying = {}, [], {}
        self.rejected, self.behind, self.placed = rejected, timedelta(), {}
        self.sheets = {
            file.name: file
            for made in portfolio.both(TODAY)
            for file in files.files(made, TODAY - demo.PLACED)
        }
        self.lines = {made.settings["name"]: made.lines for made in portfolio.both(TODAY)}

    def sign_in(self, email, password):
        return {"email": email}

    def pages(self, path, **query):
        if path == "/portfolios":
            return list(self.portfolios)
        if path.endswith("/uploads"):
            return [up for up in self.uploads.values() if up["portfolio_id"] == path.split("/")[2]]
        owner = next(p for p in self.portfolios if p["portfolio_id"] == path.split("/")[2])
        return [
            {"tax_id": ln.debtor.tax_id, "name": ln.debtor.name, "case_id": f"cas_{ln.debtor.key}"}
            for ln in self.lines[owner["name"]]
        ]

    def get(self, path, **query):
        if path == "/strategy-vocabulary":
            return {"ready_made": [{"code": code, "rule": None} for code in ready_made()]}
        if path.endswith("/strategies"):
            items = [one for key, one in self.strategies.items() if key[0] == path.split("/")[2]]
            return {"items": deepcopy(items), "playbook": {"version": 1}}
        if path.endswith("/payment-providers"):
            account = self.paying.get(path.split("/")[2])
            item = {"provider": "sandbox", "methods": ["card"], "account": account}
            return {"items": [item], "can_connect": True}
        if path == "/portfolio-defaults":
            return {"country": query["country"], "policies": {"moratory": {}, "bands": []}}
        return {"case": {"total_due": {"minor": 5_000}}}

    def post(self, path, body=None, *, key=None):
        if path == "/portfolios":
            made = body | {
                "portfolio_id": f"prt_{len(self.portfolios)}",
                "created_at": BEGUN_AT.isoformat(),
            }
            self.portfolios.append(made)
            return made
        if path.endswith("/strategies"):
            code = body["ready_made"]
            made = {"strategy_id": code, "ready_made": code, "name": code, "edit": 1}
            return self.strategies.setdefault((path.split("/")[2], code), made)
        if path.endswith("/publication"):
            made = self.strategies[path.split("/")[2], path.split("/")[4]]
            made |= {"state": "published"}
            return made
        if path.endswith("/application"):
            upload = self.uploads[path.split("/")[4]]
            file = self.sheets[upload["filename"]]
            rejected = file.bad if self.rejected is None else self.rejected
            upload |= {"state": "done", "applied": {"rows": file.rows, "rejected": rejected}}
            return upload
        if path.endswith("/payments"):
            if (path, body["reference"]) in self.paid:
                raise Problem(409, {"code": "fact.already_recorded"}, path)
            self.paid.add((path, body["reference"]))
        self.keys.add(key)
        return {}

    def put(self, path, body):
        if path.endswith("/payment-providers/sandbox"):
            assert path.split("/")[2] not in self.paying
            self.paying[path.split("/")[2]] = body
            return body
        if path.endswith("/playbook"):
            self.playbooks.append(body)
            return body
        upload = self.uploads[path.split("/")[4]]
        return upload | {"state": "ready"}

    def send_file(self, portfolio_id, mode, name, content):
        upload_id = f"upl_{len(self.uploads)}"
        self.placed[name] = self.behind
        self.uploads[upload_id] = {
            "upload_id": upload_id,
            "portfolio_id": portfolio_id,
            "filename": name,
            "state": "ready",
            "inspection": None,
        }
        return self.uploads[upload_id]

    def wait_for_upload(self, upload, **_options):
        return self.uploads[upload["upload_id"]]


@pytest.fixture
def stack(monkeypatch):
    made = Stack()
    monkeypatch.setattr(demo, "Client", lambda _url: made)
    return made


def load(today=TODAY, **options):
    return demo.load(
        "http://stack.example", "a@b.example", "secret", today=today, report=lambda _line: None,
        **options,
    )  # fmt: skip


def test_loads_two_portfolios_with_files_and_facts(stack):
    assert len(load()) == 2
    assert len(stack.uploads) == 4
    assert len(stack.keys) > 150
    assert len(stack.paying) == 2


def test_debts_were_placed_a_month_ago_and_paid_since(stack):
    @contextmanager
    def earlier(by):
        stack.behind = by
        yield
        stack.behind = timedelta()

    load(earlier=earlier)

    assert {name: behind for name, behind in stack.placed.items() if behind} == {
        name: demo.PLACED for name in stack.placed if not name.startswith("pagos_")
    }


def test_every_case_has_a_published_strategy(stack):
    load()

    assert {one["state"] for one in stack.strategies.values()} == {"published"}
    segments = [[each["strategy_id"] for each in book["segments"]] for book in stack.playbooks]
    assert segments == [list(made.strategies) for made in portfolio.both(TODAY)]


def test_the_demo_s_portfolios_say_what_messages_must_say():
    for made in portfolio.both(TODAY):
        own = a_portfolio(country=portfolio.COUNTRY)
        stated = replace(
            own,
            identification=Identification(**made.settings["identification"]),
            branding=Branding(**made.settings["branding"]),
        )
        assert strategies_in_force.lacking(stated) == ()


def test_a_second_load_adds_nothing(stack):
    load()

    def kept():
        known = (stack.portfolios, stack.uploads, stack.keys, stack.paid)
        return deepcopy((*known, stack.strategies, stack.playbooks))

    before = kept()

    load()

    assert kept() == before


def test_work_is_done_on_debts_that_are_placed_and_unpaid(stack):
    seen = []

    load(meanwhile=lambda ids: seen.append((ids, len(stack.uploads), len(stack.keys))))
    load(TODAY + timedelta(days=1), meanwhile=lambda _ids: pytest.fail("the day has gone"))

    ids = [each["portfolio_id"] for each in stack.portfolios]
    assert seen == [(ids, 2, 0)]


def test_a_load_on_a_later_day_adds_nothing(stack):
    load()
    files_sent, told = len(stack.uploads), len(stack.keys)

    load(TODAY + timedelta(days=1))

    assert (len(stack.uploads), len(stack.keys)) == (files_sent, told)


def test_other_figures_than_the_files_are_refused(monkeypatch):
    monkeypatch.setattr(demo, "Client", lambda _url: Stack(rejected=99))

    with pytest.raises(demo.DemoError, match="rejected"):
        load()


def test_settings_are_laid_over_the_countrys_defaults():
    assert demo._merged({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"c": 4}}) == {
        "a": {"b": 1, "c": 4},
        "d": 3,
    }


def test_every_column_of_our_files_has_a_field():
    headers = {*files.LOAN_HEADER, *files.INVOICE_HEADER}
    for made in portfolio.both(date(2026, 11, 22)):
        text = files.payments(made).content.decode("utf-8-sig")
        headers |= set(text.splitlines()[0].split(","))

    assert headers <= set(demo.FIELDS)
