"""An office on the deployed stack: a portfolio, its debtors, its people, the hour it is there."""

import csv
import io
import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from infra.people import FirstPerson
from infra.people import ensure as ensure_people
from local import clock
from local.client import Client
from local.users import DemoUser
from tests.e2e import schedules
from tests.e2e.browser import DESK, browsing, sign_in

CREDITOR = "Mueblería La Esquina"
WITHIN_S = 180  # cold functions on a busy machine; a quiet one takes a few seconds
RESULTS = {
    one["code"]: one["label"]["es"]
    for one in json.loads(
        (Path(__file__).resolve().parents[2] / "chalicelib/domain/calls.json").read_text("utf-8")
    )["dispositions"]
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Debtor:
    """Somebody who owes; ``phones`` as a file brings them, the first one first."""

    name: str
    owes_minor: int
    due_on: date
    phones: tuple[str, ...]


@dataclass
class Office:
    """
    One portfolio of Mexico's and those who work on it.

    Attributes:
        ahead: How far the stack's clock is ahead of the real time.
        cases: Case ids by the debtor's name.
    """

    stack: Any
    people: dict[str, DemoUser]
    ahead: timedelta = timedelta()
    portfolio_id: str = ""
    cases: dict[str, str] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    @property
    def supervisor(self) -> Client:
        return self.client(self.people["supervisor"])

    def client(self, person: DemoUser) -> Client:
        """The API for a person's program."""
        if person.email not in self.clients:
            made = Client(self.stack.url)
            made.sign_in(person.email, person.password)
            self.clients[person.email] = made
        return self.clients[person.email]

    def set_clock(self, moment: datetime) -> None:
        self.ahead = moment - datetime.now(UTC)
        clock.move(self.stack.cloud, self.stack.outputs["WorkTable"], self.ahead)

    def found(self, name: str) -> None:
        """Make the portfolio, for its people."""
        body = self.supervisor.get("/portfolio-defaults", country="MX")
        body |= {"name": name, "creditor": CREDITOR}
        self.portfolio_id = self.supervisor.post("/portfolios", body)["portfolio_id"]
        for role in ("supervisor", "agent"):
            self.let_in(self.people[role])

    def bring(self, debtors: Iterable[Debtor]) -> None:
        """Bring debtors as a creditor's file does."""
        known = list(debtors)
        upload = self.supervisor.wait_for_upload(
            self.supervisor.send_file(
                self.portfolio_id, "debts", "deudas.csv", file_of(known), apply_automatically=True
            )
        )
        assert (upload["state"], upload["applied"]["created"]) == ("done", len(known)), upload
        for case in self.supervisor.pages(f"/portfolios/{self.portfolio_id}/cases"):
            self.cases[case["name"]] = case["case_id"]

    def hire(self, name: str, *, team: str = "") -> DemoUser:
        """Have one more agent, whom no other test knows."""
        email = f"{name.split(maxsplit=1)[0].lower()}{time.time_ns()}@recobro.test"
        one = DemoUser("agent", email, name)
        known = ensure_people(
            self.stack.cloud,
            self.stack.outputs,
            [FirstPerson(email=email, name=name, role=one.role, password=one.password)],
        )
        hired = replace(one, sub=known[email])
        self.let_in(hired, team=team)
        return hired

    def let_in(self, person: DemoUser, **more: str) -> None:
        """Give somebody the portfolio beside those that they have."""
        admin = self.client(self.people["admin"])
        known = admin.get(f"/people/{person.sub}")["portfolios"]
        if "*" not in known:
            given = sorted({*known, self.portfolio_id})
            admin.patch(f"/people/{person.sub}", {"portfolios": given, **more})

    def plan(self) -> None:
        """The clock's own work of a morning: promises judged, the queue of calls made."""
        schedules.start(self.stack, "start_plan")
        schedules.settle(self.stack, "PlanQueueUrl")

    def case(self, name: str) -> dict[str, Any]:
        return self.supervisor.get(f"/cases/{self.cases[name]}")

    def events(self, name: str, kind: str = "") -> list[dict[str, Any]]:
        """A case's timeline, newest first."""
        path = f"/cases/{self.cases[name]}/timeline"
        return list(self.supervisor.pages(path, **({"kind": kind} if kind else {})))

    def call(self, caller: DemoUser, name: str, result: str, *, promises_minor: int = 0) -> None:
        """A call over the API, from its beginning to its result."""
        api, path = self.client(caller), f"/cases/{self.cases[name]}"
        phone = next(one for one in self.case(name)["contacts"] if one["kind"] == "phone")
        begun = api.post(f"{path}/calls", {"contact_id": phone["contact_id"]}, key=new_key())
        if promises_minor:
            due_on = (self.now + timedelta(days=5)).date().isoformat()
            promise = {"amount_minor": promises_minor, "due_on": due_on, "channel": "phone"}
            api.post(f"{path}/promises", promise, key=new_key())
        api.put(f"{path}/calls/{begun['open']['attempt_id']}", {"disposition": result})

    @contextmanager
    def desk(
        self, person: DemoUser, viewport: dict[str, int] = DESK, *, refused: tuple[str, ...] = ()
    ) -> Iterator[Page]:
        """Sit somebody down before a browser whose clock is the office's."""
        ahead_s = self.ahead.total_seconds()
        with browsing(self.stack.url, viewport, ahead_s=ahead_s, refused=refused) as page:
            sign_in(page, person.email, person.password)
            yield page


@contextmanager
def office(stack: Any, people: dict[str, DemoUser], at: datetime) -> Iterator[Office]:
    """
    Open an office at some hour; the clock is put right afterwards, for others use the stack too.

    Meanwhile no schedule of the emulator's runs: in real time they would work in the middle of
    a day that the test has made.
    """
    with schedules.none_by_itself(stack):
        made = Office(stack, people)
        made.set_clock(at)
        try:
            yield made
        finally:
            clock.move(stack.cloud, stack.outputs["WorkTable"], timedelta())


def file_of(debtors: Iterable[Debtor]) -> bytes:
    """A creditor's list of debts, one a debtor."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Clave cliente", "Nombre", "Teléfono", "Teléfono 2", "Folio",
                     "Fecha vencimiento", "Saldo"])  # fmt: skip
    for n, one in enumerate(debtors, start=1):
        first, second = (*one.phones, "")[:2]
        owes = f"{one.owes_minor // 100}.{one.owes_minor % 100:02d}"
        writer.writerow([f"C-{n}", one.name, first, second, f"F-{n}", one.due_on, owes])
    return text.getvalue().encode()


def new_key() -> str:
    """Name one wish, for a repeat of it would be the same one."""
    return f"key-{time.time_ns()}"


def until(what: Callable[[], Any], told: str, within_s: float = WITHIN_S) -> Any:
    """
    Wait for a fact; gives it.

    Raises:
        AssertionError: it did not come about.
    """
    end = time.monotonic() + within_s
    while not (found := what()):
        assert time.monotonic() < end, f"{told}: not after {within_s} s"
        time.sleep(0.5)
    return found
