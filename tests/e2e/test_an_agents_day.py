"""
An agent's day on the deployed stack, with IAM enforced: everything without signal, nothing lost.

Six visits are made with the radio off, one of them through a crash; each place is another one
that the server has to see through. The stack's clock stands on a working morning in Mexico.
"""

import csv
import hashlib
import io
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import urllib3
from PIL import Image
from playwright.sync_api import expect

from chalicelib.services import photo_parts
from local import clock
from local.client import Client
from local.users import DemoUser
from tests.e2e.bad_line import Line, bad_line
from tests.e2e.browser import DESK, browsing, look, sign_in, t
from tests.e2e.field_phone import A_METRE, Phone, carrying
from tests.e2e.office import Office

pytestmark = [pytest.mark.stack, pytest.mark.browser]

MORNING = datetime(2027, 1, 28, 16, tzinfo=UTC)  # a Thursday, ten in the morning there
DOOR = (19.43261, -99.13321)
STAY_S = 200
WITHIN_S = 180  # cold functions on a busy machine; a quiet one takes ten
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0"
    "000003010100c9fe92ef0000000049454e44ae426082"
)
BROKE_AT = 2 * photo_parts.PART + 20_000  # in the third part, forms and all
# Who -> metres from door to door northwards, what the server has to say of the place.
FAR_M = 45_000
STORIES = {
    "Inés Dentro": (0, "verified", set()),
    "Ulises Duda": (300, "unsure", set()),
    "Fabio Fuera": (600, "outside", set()),
    "Pablo Pobre": (900, "unsure", {"poor_accuracy"}),
    "Mara Mock": (1200, "verified", {"mock"}),
    "Saúl Salto": (FAR_M, "verified", {"impossible_speed"}),
}


def door(name: str, metres: float = 0) -> tuple[float, float]:
    """A point so far north of somebody's door."""
    return DOOR[0] + (STORIES[name][0] + metres) * A_METRE, DOOR[1]


def the_file() -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Clave cliente", "Nombre", "Folio", "Fecha vencimiento", "Saldo",
                     "Dirección", "Ciudad", "Latitud", "Longitud"])  # fmt: skip
    for n, name in enumerate(STORIES, start=1):
        lat, lng = door(name)
        writer.writerow([
            f"C-{n}", f"{name} Prueba", f"V-{n}", "2026-12-20", f"{1000 * n}.00",
            f"Calle {n} número {n}", "Ciudad de México", f"{lat:.6f}", f"{lng:.6f}",
        ])  # fmt: skip
    return text.getvalue().encode()


class Day:
    """The portfolio, its six cases, the agent, and the clock of stack and phone."""

    def __init__(self, stack: Any, supervisor: Client, portfolio_id: str) -> None:
        self.stack, self.supervisor, self.portfolio_id = stack, supervisor, portfolio_id
        self.ahead = MORNING - datetime.now(UTC)
        self.agent = DemoUser("agent", "", "")
        self.creditor = f"cobranza{time.time_ns()}@esquina.example"  # nobody else's mailbox

    def set_clock(self, later: timedelta = timedelta()) -> None:
        self.ahead += later
        clock.move(self.stack.cloud, self.stack.outputs["WorkTable"], self.ahead)

    def visits(self) -> list[dict[str, Any]]:
        return list(self.supervisor.pages("/visits", portfolio=self.portfolio_id))


@pytest.fixture
def day(stack, people) -> Iterator[Day]:
    supervisor = Client(stack.url)
    supervisor.sign_in(people["supervisor"].email, people["supervisor"].password)
    day = Day(stack, supervisor, "")
    day.set_clock()
    body = supervisor.get("/portfolio-defaults", country="MX")
    body |= {"name": "Visitas", "creditor": "Mueblería La Esquina"}
    body["policies"]["field"]["visit_results_to"] = [day.creditor]
    day.portfolio_id = supervisor.post("/portfolios", body)["portfolio_id"]
    upload = supervisor.wait_for_upload(
        supervisor.send_file(
            day.portfolio_id, "debts", "visitas.csv", the_file(), apply_automatically=True
        )
    )
    assert (upload["state"], upload["applied"]["created"]) == ("done", len(STORIES)), upload
    office = Office(stack, people, portfolio_id=day.portfolio_id)
    office.let_in(people["supervisor"])
    day.agent = office.hire("Gael Gallardo")
    assign(day, day.agent.sub)
    yield day
    clock.move(stack.cloud, stack.outputs["WorkTable"], timedelta())


def assign(day: Day, agent_id: str) -> None:
    items = []
    for case in day.supervisor.pages(f"/portfolios/{day.portfolio_id}/cases"):
        (address,) = day.supervisor.get(f"/cases/{case['case_id']}")["addresses"]
        items.append({"case_id": case["case_id"], "address_id": address["address_id"],
                      "person_id": agent_id})  # fmt: skip
    body = {"portfolio_id": day.portfolio_id, "batch_id": f"bat_{int(time.time())}",
            "date": MORNING.date().isoformat(), "items": items}  # fmt: skip
    made = day.supervisor.post("/assignments", body)
    assert (made["assigned"], made["refused"]) == (len(STORIES), [])


def knock(phone: Phone, name: str, **how: Any) -> None:
    """Go there and be there."""
    phone.wait(300)
    phone.stand(*door(name, how.pop("metres", 0)), **how)
    phone.begin(name)
    # The screen shows the place it has; the new one is there when its error is.
    error = round(how.get("accuracy", 8))
    expect(phone.page.get_by_text(f"±{error} m")).to_be_visible()
    phone.press("visit.here")


def big_picture() -> bytes:
    """Noise, which no codec makes small: some 200 KB after the phone has shrunk it."""
    side = 800
    noise = hashlib.shake_256(b"noise").digest(side * side)
    written = io.BytesIO()
    Image.frombytes("L", (side, side), noise).save(written, "PNG")
    return written.getvalue()


def nobody_home(phone: Phone, name: str, *, picture: bytes = PICTURE, **how: Any) -> None:
    knock(phone, name, **how)
    phone.at_step("visit.identify")
    phone.press("visit.next")
    phone.page.get_by_label(t("visit.who.nobody")).check()
    phone.press("visit.next")
    phone.page.get_by_label("Nadie abrió", exact=True).check()
    phone.press("visit.next")
    leave_the_door(phone, name, picture=picture, **how)


def leave_the_door(phone: Phone, name: str, *, picture: bytes = PICTURE, **how: Any) -> None:
    """After a while, a photo, and the end."""
    phone.at_step("visit.photos")
    photograph(phone, "visit.photo_door", picture)
    phone.press("visit.next")
    phone.at_step("visit.review")
    phone.wait(STAY_S)
    phone.stand(*door(name, how.pop("metres", 0) + 0.5), **how)
    phone.press("visit.finish")
    phone.at_step("field.day_title")


def photograph(phone: Phone, key: str, picture: bytes = PICTURE) -> None:
    shot = {"name": "foto.png", "mimeType": "image/png", "buffer": picture}
    phone.page.get_by_label(t(key)).set_input_files(shot)
    expect(phone.page.locator(".pictures img")).to_have_count(1)


def promise_through_a_crash(phone: Phone, name: str) -> str:
    """The holder promises; between amount and day the app dies."""
    knock(phone, name, metres=1)
    phone.at_step("visit.identify")
    phone.press("visit.next")
    phone.page.get_by_label(t("visit.who.holder")).check()
    phone.press("visit.next")
    phone.page.get_by_label("Promete pagar").check()
    phone.press("visit.next")
    phone.page.get_by_label(t("visit.amount")).fill("500")
    phone.crash()
    phone.page.get_by_role("link", name=name).click()
    phone.press("field.go_on")
    phone.at_step("visit.details")
    expect(phone.page.get_by_label(t("visit.amount"))).to_have_value("500.00")
    due_on = str(phone.page.get_by_label(t("visit.day")).get_attribute("max"))
    phone.page.get_by_label(t("visit.day")).fill(due_on)
    phone.press("visit.next")
    leave_the_door(phone, name, metres=1)
    return due_on


def exception(phone: Phone, name: str) -> None:
    knock(phone, name, metres=400)
    phone.at_step("visit.exception_title")
    phone.page.get_by_label(t("visit.exception.moved")).check()
    phone.page.get_by_label(t("visit.exception_text")).fill("La vecina dice que se mudó.")
    photograph(phone, "visit.exception_photo")
    phone.press("visit.next")
    phone.press("visit.finish")
    phone.at_step("field.day_title")


def all_arrived(day: Day) -> list[dict[str, Any]]:
    until = time.monotonic() + WITHIN_S
    while time.monotonic() < until:
        visits = day.visits()
        if [one["state"] for one in visits] == ["complete"] * len(STORIES):
            return visits
        time.sleep(0.5)
    found = [(one["case_name"], one["state"]) for one in day.visits()]
    raise AssertionError(f"not whole after {WITHIN_S} s: {found}")


def told_by_mail(day: Day) -> list[str]:
    """What the creditor was told of the visits, once all of it came."""
    until = time.monotonic() + WITHIN_S
    while True:
        answer = urllib3.request("GET", f"{day.stack.url}/simulador/messages.json")
        found = [one["text"] for one in answer.json()["messages"] if one["who"] == day.creditor]
        if len(found) >= len(STORIES) or time.monotonic() > until:
            return found
        time.sleep(0.5)


def send_over_a_line_that_breaks(phone: Phone, line: Line) -> None:
    """The big photo breaks off in its third part, the app dies too, and the line is whole again."""
    line.left = BROKE_AT
    phone.context.set_offline(False)
    until = time.monotonic() + WITHIN_S
    while not line.broke:
        assert time.monotonic() < until, "nothing big was sent"
        phone.page.wait_for_timeout(200)
    assert phone.unsent() > 0
    line.left = None
    phone.crash()


def parts_went_once(line: Line) -> None:
    """What had come before the line broke was not sent again."""
    parts = [key for key in line.carried if key.startswith(photo_parts.FOLDER)]
    assert len(parts) >= 3, parts
    assert set(Counter(parts).values()) == {1}, parts


def test_a_day_without_signal_arrives_whole_and_once(day: Day, people, capsys):
    agent = day.agent
    with (
        bad_line() as line,
        carrying(day.stack.url, day.ahead.total_seconds(), *DOOR, line=line.url) as phone,
    ):
        phone.sign_in(agent.email, agent.password)
        expect(phone.page.locator(".stops > li")).to_have_count(len(STORIES))
        with phone.page.expect_response("**/field/shifts"):
            phone.press("field.shift_start")
        expect(phone.page.get_by_text(t("field.all_sent"))).to_be_visible()

        phone.context.set_offline(True)
        before = phone.ahead_s
        due_on = promise_through_a_crash(phone, "Inés Dentro")
        nobody_home(phone, "Ulises Duda", metres=108, accuracy=15, picture=big_picture())
        exception(phone, "Fabio Fuera")
        nobody_home(phone, "Pablo Pobre", metres=40, accuracy=160)
        nobody_home(phone, "Mara Mock", metres=3, mocked=True)
        nobody_home(phone, "Saúl Salto", metres=2)
        assert day.visits() == []
        # Six visits and a photo of each.
        assert phone.unsent() == 12

        day.set_clock(timedelta(seconds=phone.ahead_s - before))
        send_over_a_line_that_breaks(phone, line)
        visits = all_arrived(day)
        expect(phone.page.get_by_text(t("field.all_sent"))).to_be_visible()
        assert phone.unsent() == 0
        parts_went_once(line)

    told = {
        name: day.supervisor.get(f"/visits/{one['case_id']}/{one['visit_id']}")
        for one in visits
        for name in STORIES
        if one["case_name"].startswith(name)
    }
    with capsys.disabled():
        for name, one in told.items():
            signs = ", ".join(sign["sign"] for sign in one["signs"]) or "no sign"
            why = " ".join(one["server_verdict"]["reasons"]) or "-"
            print(f"\n{name:<12} {one['verdict']:<9} {why:<28} {one['trust']:>3} {signs}", end="")
        print()
    assert {name: one["verdict"] for name, one in told.items()} == {
        name: verdict for name, (_, verdict, _) in STORIES.items()
    }
    for name, (_, _, signs) in STORIES.items():
        assert signs <= {sign["sign"] for sign in told[name]["signs"]}, name

    kept = day.supervisor.get(f"/cases/{told['Inés Dentro']['case_id']}")
    assert [(one["amount"]["minor"], one["due_on"]) for one in kept["promises"]] == [
        (50_000, due_on)
    ]
    for one in told.values():
        assert one["phone_verdict"]["verdict"] == one["verdict"]
        assert one["photos_taken"]
        for photo in one["photos_taken"]:
            assert day.supervisor.download(photo["url"])[:3] == b"\xff\xd8\xff"

    mails = told_by_mail(day)
    assert {name: sum(name in text for text in mails) for name in STORIES} == dict.fromkeys(
        STORIES, 1
    )
    trail = day.supervisor.get(f"/agents/{agent.sub}/trail", date=MORNING.date().isoformat())
    assert {one["visit_id"] for one in trail["visits"]} >= {one["visit_id"] for one in visits}
    assert trail["received"] > len(STORIES)

    supervisor = people["supervisor"]
    with browsing(day.stack.url, DESK) as page:
        sign_in(page, supervisor.email, supervisor.password)
        page.goto(f"/panel/visitas/?cartera={day.portfolio_id}&estado=all")
        for name, (_, verdict, _) in STORIES.items():
            row = page.get_by_role("row", name=name)
            expect(row).to_contain_text(t(f"visits.verdict.{verdict}"))
        look(page, "visits-of-a-day")
