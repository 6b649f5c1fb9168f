"""
A month of reminders on the deployed stack, with the clock moved and IAM enforced.

Each debtor's story is told beside what should reach them, message by message; the phones of
the laptop's providers say what did.
"""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import urllib3

from local import clock
from local.client import Client
from tests.e2e import schedules
from tests.e2e.browser import DESK, PHONE, browsing, look, sign_in

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.browser]

# Mexico: nobody is written to on a weekend or a holiday; 1 February 2027 is Constitution Day.
BEGIN = date(2027, 1, 28)
AT = "16:00"  # UTC: ten in the morning of Mexico City
DAYS = (
    *("2027-01-28", "2027-01-29", "2027-02-01", "2027-02-02", "2027-02-03", "2027-02-04"),
    *("2027-02-06", "2027-02-08", "2027-02-09", "2027-02-11", "2027-02-12"),
)
CHANNELS = 3  # as many as a step may fall back through, a minute apart
ARRIVED = {"delivered", "read"}
TAX_IDS = {"fabi": "GODE561231GR8"}  # the one of the tax office's own examples
STATED = {
    "address": "Av. Uno 11, Ciudad de México",
    "phone": "55 5555 0100",
    "complaints": "www.condusef.gob.mx",
    "payment_means": "CLABE 0123 4567, con su número de cliente",
}

# Folio: due date, last digits of the phone (0001 and 0009 never arrive), and what should arrive.
STORIES = {
    "ana": ("2027-02-03", "4101", {
        ("2027-01-29", "whatsapp", "reminder_before_due"),
        ("2027-02-03", "whatsapp", "reminder_due_today"),
        ("2027-02-08", "whatsapp", "reminder_friendly"),
    }),
    # Five days before is a holiday, the day itself a Saturday.
    "beto": ("2027-02-06", "4102", {
        ("2027-02-02", "whatsapp", "reminder_before_due"),
        ("2027-02-08", "whatsapp", "reminder_due_today"),
        ("2027-02-11", "whatsapp", "reminder_friendly"),
    }),
    # Pays on the 2nd.
    "carla": ("2027-02-03", "4103", {
        ("2027-01-29", "whatsapp", "reminder_before_due"),
    }),
    # Answers BAJA to the first one: no more WhatsApp.
    "dora": ("2027-02-03", "4104", {
        ("2027-01-29", "whatsapp", "reminder_before_due"),
        ("2027-02-03", "sms", "reminder_due_today"),
        ("2027-02-08", "sms", "reminder_friendly"),
    }),
    # Has no phone that answers: each time the next channel takes over.
    "elias": ("2027-02-03", "0009", {
        ("2027-01-29", "email", "reminder_before_due"),
        ("2027-02-03", "email", "reminder_due_today"),
        ("2027-02-08", "email", "reminder_friendly"),
    }),
    # Promises on the 29th to pay on the 5th, and does not.
    "fabi": ("2027-02-03", "4106", {
        ("2027-01-29", "whatsapp", "reminder_before_due"),
        ("2027-02-09", "whatsapp", "reminder_friendly"),
    }),
    # Ill from the evening of the 29th until the 3rd: the days after the due date stand still.
    "gina": ("2027-02-03", "4107", {
        ("2027-01-29", "whatsapp", "reminder_before_due"),
        ("2027-02-04", "whatsapp", "reminder_due_today"),
        ("2027-02-09", "whatsapp", "reminder_friendly"),
    }),
    # Disputes it in the night of the 3rd, while a message waits for the morning.
    "hugo": ("2027-02-03", "4108", {
        ("2027-01-29", "whatsapp", "reminder_before_due"),
    }),
}  # fmt: skip
NIGHT = "07:00"  # UTC: one in the morning


@pytest.fixture(scope="module")
def moved(stack) -> Iterator[Any]:
    """
    Sets the stack's clock; puts it right afterwards, for others use the stack too.

    Meanwhile no schedule of the emulator's runs: in real time they would look at what waits for
    the morning in the middle of a night that the test has made.
    """
    table = stack.outputs["WorkTable"]

    def to(day: str, at: str = AT) -> None:
        moment = datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=UTC)
        clock.move(stack.cloud, table, moment - datetime.now(UTC))

    with schedules.none_by_itself(stack):
        yield to
    clock.move(stack.cloud, table, timedelta())


class World:
    """The portfolio, its debtors' phones, and the clockwork that would run by itself."""

    def __init__(self, stack: Any, supervisor: Client) -> None:
        self.stack, self.supervisor = stack, supervisor
        self.day = ""
        self.arrived: dict[str, set[tuple[str, str, str]]] = {name: set() for name in STORIES}
        self._seen: set[str] = set()
        self.portfolio_id = ""
        self.case_ids: dict[str, str] = {}

    def run(self, *functions: str) -> None:
        """Start scheduled functions, as their schedules would, and wait for what they began."""
        for function in functions:
            schedules.start(self.stack, function)
            self.settle()

    def settle(self) -> None:
        queues = ("PlanQueueUrl", "MessagesQueueUrl", "ChannelEventsQueueUrl")
        schedules.settle(self.stack, *queues, other=self.on_their_way)

    def messages(self) -> list[dict[str, Any]]:
        answer = urllib3.request("GET", f"{self.stack.url}/simulador/messages.json")
        return list(answer.json()["messages"])

    def on_their_way(self) -> int:
        return sum(
            each["direction"] == "out" and each["state"] in ("accepted", "sent")
            for each in self.messages()
        )

    def says(self, name: str, text: str) -> str:
        """Let a debtor write, and give what is answered."""
        known = {each["id"] for each in self.messages()}
        body = {"channel": "whatsapp", "who": phone(name), "text": text}
        told = urllib3.request("POST", f"{self.stack.url}/simulador/answers", json=body)
        assert told.status == 200, told.data
        self.settle()
        return "\n".join(
            each["text"]
            for each in self.messages()
            if each["id"] not in known and each["direction"] == "out"
        )

    def case(self, name: str) -> dict[str, Any]:
        return self.supervisor.get(f"/cases/{self.case_ids[name]}")

    def look(self) -> None:
        """Note what arrived since the last look, as the case's own record names it."""
        for message in self.messages():
            if message["direction"] != "out" or message["id"] in self._seen:
                continue
            self._seen.add(message["id"])
            case_id, _, attempt_id = message["reference"].partition(":")
            name = next((n for n, known in self.case_ids.items() if known == case_id), None)
            if name is None or message["state"] not in ARRIVED:
                continue
            told = self.facts_of(case_id, attempt_id)
            if told["cause"] == "strategy":
                template = told["template"].partition("@")[0]
                self.arrived[name].add((self.day, message["channel"], template))

    def last_message(self, name: str) -> str:
        """What the timeline says became of a debtor's newest message of the strategy."""
        events = self.supervisor.pages(f"/cases/{self.case_ids[name]}/timeline", kind="attempt.")
        return next(str(event["kind"]).removeprefix("attempt.") for event in events)

    def facts_of(self, case_id: str, attempt_id: str) -> dict[str, Any]:
        """Put together what the timeline says of one message."""
        events = [
            event["facts"]
            for event in self.supervisor.pages(f"/cases/{case_id}/timeline", kind="attempt.")
            if event["facts"]["attempt_id"] == attempt_id
        ]
        return {name: value for facts in reversed(events) for name, value in facts.items()}


def phone(name: str) -> str:
    return f"+525541{STORIES[name][1]:>06}"


def the_file() -> bytes:
    """One debt of 1,000.00 for each debtor."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Clave cliente", "Nombre", "RFC", "Teléfono", "Correo", "Folio",
                     "Fecha vencimiento", "Saldo"])  # fmt: skip
    for name, (due_on, _, _) in STORIES.items():
        writer.writerow([
            f"C-{name}", f"{name.capitalize()} Prueba Prueba", TAX_IDS.get(name, ""), phone(name),
            f"{name}@correo.example", f"F-{name}", due_on, "1000.00",
        ])  # fmt: skip
    return text.getvalue().encode()


@pytest.fixture(scope="module")
def world(stack, people, moved) -> World:
    moved(BEGIN.isoformat())
    supervisor = Client(stack.url)
    supervisor.sign_in(people["supervisor"].email, people["supervisor"].password)
    world = World(stack, supervisor)
    body = supervisor.get("/portfolio-defaults", country="MX")
    body |= {"name": "Un mes", "creditor": "Mueblería La Esquina", "identification": STATED}
    world.portfolio_id = supervisor.post("/portfolios", body)["portfolio_id"]
    upload = supervisor.send_file(
        world.portfolio_id, "debts", "mes.csv", the_file(), apply_automatically=True
    )
    upload = supervisor.wait_for_upload(upload)
    assert (upload["state"], upload["applied"]["created"]) == ("done", len(STORIES)), upload
    for case in supervisor.pages(f"/portfolios/{world.portfolio_id}/cases"):
        world.case_ids[case["name"].split()[0].lower()] = case["case_id"]
    base = f"/portfolios/{world.portfolio_id}"
    draft = supervisor.post(f"{base}/strategies", {"ready_made": "three_reminders"})
    supervisor.post(
        f"{base}/strategies/{draft['strategy_id']}/publication", {"edit": draft["edit"]}
    )
    playbook = supervisor.get(f"{base}/strategies")["playbook"]
    everybody = {"segment_id": "all", "name": "Todos", "priority": 1,
                 "strategy_id": draft["strategy_id"]}  # fmt: skip
    supervisor.put(f"{base}/playbook", {"version": playbook["version"], "segments": [everybody]})
    return world


def in_the_night(world: World, moved: Any) -> None:
    """What happens between the plan and the first hour in which it may be said."""
    if world.day != "2027-02-03":
        return
    moved(world.day, NIGHT)
    world.run("start_plan")
    assert world.last_message("hugo") == "planned"
    hold = {"reason": "dispute", "note": "Dice que ya había devuelto el mueble."}
    world.supervisor.post(f"/cases/{world.case_ids['hugo']}/holds", hold, key="hugo-disputes")
    assert world.last_message("hugo") == "withdrawn", "the same second, not the next morning"
    world.run("collect_messages")
    moved(world.day)


def in_the_evening(world: World) -> None:
    """What people do after the morning's messages."""
    if world.day == "2027-01-29":
        hold = {"reason": "illness", "until": "2027-02-03", "note": "Está en el hospital."}
        world.supervisor.post(f"/cases/{world.case_ids['gina']}/holds", hold, key="gina-is-ill")
        assert world.says("dora", "BAJA")
        world.says("fabi", "prometo pagar 500 el viernes 5 de febrero")
        world.says("fabi", TAX_IDS["fabi"][-4:])
        world.says("fabi", "sí")
        (promise,) = world.case("fabi")["promises"]
        assert (promise["state"], promise["due_on"]) == ("open", "2027-02-05")
        assert promise["amount"]["minor"] == 50_000
    if world.day == "2027-02-02":
        world.supervisor.post(
            f"/cases/{world.case_ids['carla']}/payments",
            {"amount_minor": 100_000, "paid_on": world.day, "reference": "R-1",
             "method": "transfer"},
            key="carla-pays",
        )  # fmt: skip


def test_every_debtor_gets_what_the_month_should_bring_and_nothing_else(world, moved, capsys):
    for day in DAYS:
        world.day = day
        moved(day)
        in_the_night(world, moved)
        world.run("start_plan", *["collect_messages"] * CHANNELS)
        world.look()
        in_the_evening(world)
        world.look()

    with capsys.disabled():
        for name in STORIES:
            print(f"\n{name}:", *sorted(world.arrived[name]), sep="\n    ")
    assert world.arrived == {name: expected for name, (_, _, expected) in STORIES.items()}


def test_the_broken_promise_and_the_call_are_on_the_cases(world):
    (promise,) = world.case("fabi")["promises"]
    assert promise["state"] == "broken"
    assert [task["kind"] for task in world.case("ana")["tasks"]] == ["call"]


def test_a_hold_ended_by_itself_and_a_dispute_goes_on(world):
    kinds = {
        name: [
            event["kind"]
            for event in world.supervisor.pages(
                f"/cases/{world.case_ids[name]}/timeline", kind="hold."
            )
        ]
        for name in ("gina", "hugo")
    }
    assert kinds == {"gina": ["hold.ended", "hold.placed"], "hugo": ["hold.placed"]}
    assert world.case("hugo")["case"]["status"] == "held"


def test_every_timeline_still_verifies(world):
    for case_id in world.case_ids.values():
        assert world.supervisor.get(f"/cases/{case_id}/verification")["ok"]


@pytest.mark.parametrize(("size", "viewport"), [("desk", DESK), ("phone", PHONE)])
def test_people_can_read_all_of_it(world, stack, people, size, viewport):
    """Every page about contact, with a month in it: on a desk and on a phone, axe clean."""
    pid = world.portfolio_id
    (message, *_) = [
        event["facts"]["attempt_id"]
        for event in world.supervisor.pages(
            f"/cases/{world.case_ids['dora']}/timeline", kind="attempt.reserved"
        )
        if event["facts"].get("cause") != "reply"
    ]
    pages = {
        "case": f"/panel/expedientes/caso/?id={world.case_ids['dora']}",
        "message": f"/panel/envios/mensaje/?caso={world.case_ids['dora']}&id={message}",
        "sendings": f"/panel/envios/?cartera={pid}",
        "conversations": f"/panel/conversaciones/?cartera={pid}",
        "strategies": f"/panel/estrategias/?cartera={pid}",
        "templates": f"/panel/plantillas/?cartera={pid}",
        "rules": f"/panel/reglas/?cartera={pid}",
    }
    supervisor = people["supervisor"]
    faults: list[str] = []
    with browsing(stack.url, viewport) as page:
        sign_in(page, supervisor.email, supervisor.password)
        for name, address in pages.items():
            page.goto(address)
            page.get_by_role("heading", level=1).wait_for()
            try:
                look(page, f"month-{size}-{name}")
            except AssertionError as fault:  # one page's fault hides no other's
                faults.append(str(fault))
        # Why it went, by which rules, what it said: all on the message's own page.
        page.goto(pages["message"])
        for words in ("Tres recordatorios", "versión 1", "MX/", "Dora", "$1,000.00"):
            page.get_by_text(words).first.wait_for()
    assert not faults, "\n".join(faults)
