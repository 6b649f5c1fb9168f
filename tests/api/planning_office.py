"""An office that plans visits, over the API: who is in it, and cases along a street."""

from datetime import UTC, date, datetime

from chalicelib import wiring
from chalicelib.domain.case import Address, PointQuality
from chalicelib.domain.draft import Draft
from chalicelib.domain.people import Role
from tests.api.cloud import put_case
from tests.api.conftest import sign_in

LAT, LNG = 19.4326, -99.1332
DAY = "2026-11-24"  # a Tuesday
NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)


def change(case_id, *steps):
    file = wiring.cases().open(case_id)
    portfolio = wiring.portfolios().get(file.head.portfolio_id)
    draft = Draft(file, portfolio, actor="system", now=NOON)
    for step in steps:
        step(draft)
    wiring.cases().commit(draft.change())
    return wiring.cases().open(case_id)


class Office:
    """An admin, a supervisor, two agents, and cases along a street."""

    def __init__(self, api, cloud):
        self.api = api
        self.admin = sign_in(api, cloud, "admin@example.com", Role.ADMIN, totp=True)
        new = {"name": "Tarjetas", "creditor": "Banco", "country": "MX"}
        self.pid = api("POST /portfolios", new, token=self.admin).body["portfolio_id"]
        self.boss = sign_in(api, cloud, "jefa@example.com", Role.SUPERVISOR, portfolios=(self.pid,))
        self.tokens = [
            sign_in(api, cloud, f"{name}@example.com", Role.AGENT, portfolios=(self.pid,))
            for name in ("ana", "luz")
        ]
        self.agents = [api("GET /me", token=one).body["person_id"] for one in self.tokens]
        self._number = 0
        self._batch = 0

    def __call__(self, call, body=None, *, token=None):
        return self.api(call, body, token=token or self.boss)

    def case(self, metres=0, *steps):
        self._number += 1
        key = str(self._number)
        case_id = put_case(self.pid, date(2026, 10, 1), f"D-{key}", f"F-{key}")
        address = Address(
            address_id="", lines=f"Calle {key}", city="México", lat=LAT + metres / 111_195,
            lng=LNG, quality=PointQuality.ROOFTOP,
        )  # fmt: skip
        file = change(case_id, lambda d: d.put_address(address), *steps)
        return case_id, file.addresses[0].address_id

    def batch(self):
        self._batch += 1
        return f"bat_0000-{self._batch:04d}"

    def assign(self, case, person, **values):
        item = {"case_id": case[0], "address_id": case[1], "person_id": person} | values
        body = {"portfolio_id": self.pid, "batch_id": self.batch(), "date": DAY, "items": [item]}
        return self("POST /assignments", body).body

    def propose(self, **values):
        body = {"portfolio_id": self.pid, "date": DAY, "how": "rule"} | values
        return self("POST /assignments/preview", body)

    def visits(self, person=""):
        query = f"&person={person}" if person else ""
        found = self(f"GET /assignments?date={DAY}{query}").body["items"]
        return [one for one in found if one["state"] != "withdrawn"]
