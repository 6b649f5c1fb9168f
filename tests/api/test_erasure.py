"""Erasing a person by one press, through the API: afterwards nothing anywhere says who it was."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain import timeline
from chalicelib.domain.people import Role
from chalicelib.handlers import plan_jobs
from chalicelib.services import suppression, verify
from tests.api.cloud import put_case
from tests.api.conftest import sign_in
from tests.builders import change_of, reopened
from tests.erasure_world import Drawers, Person, everything
from tests.printed import words_of

NEW = {"name": "Tarjetas", "creditor": "Banco", "country": "MX"}
GONE = Person("marcadorzeta", "+525598761234", "1")
BESIDE = Person("vecinaotra", "+525587654321", "2")


class Context:
    def get_remaining_time_in_millis(self):
        return 60_000


@pytest.fixture
def portfolio_id(api, admin, cloud):
    s3 = cloud.client("s3")
    s3.put_bucket_versioning(
        Bucket=cloud.environment["EVIDENCE_BUCKET"],
        VersioningConfiguration={"Status": "Enabled"},
    )
    return api("POST /portfolios", NEW, token=admin).body["portfolio_id"]


@dataclass
class House:
    """Two who manage a portfolio, one who asks for their data to be erased."""

    api: Any
    admin: str
    second: str
    pid: str

    def act(self, one, token="", status=200, **body):
        path = f"/portfolios/{self.pid}/data-requests/{one['request_id']}"
        answer = self.api(
            f"PATCH {path}", {"version": one["version"]} | body, token=token or self.admin
        )
        assert answer.status == status, answer.body
        return answer.body

    def granted(self, case_id, text="Se borrarán"):
        body = {"kind": "erasure", "way": "email", "case_ids": [case_id],
                "words": GONE.says("borren"), "reply_to": GONE.email}  # fmt: skip
        one = self.api(f"POST /portfolios/{self.pid}/data-requests", body, token=self.admin).body
        one = self.act(one, act="identify", proof="document", note=GONE.says("INE"))
        return self.act(one, act="answer", verdict="granted", text=text)

    def get(self, path):
        return self.api(f"GET {path}", token=self.admin)


@pytest.fixture
def house(api, admin, cloud, portfolio_id):
    second = sign_in(api, cloud, "s@example.mx", Role.SUPERVISOR, portfolios=(portfolio_id,))
    return House(api, admin, second, portfolio_id)


def carried_out(cloud):
    """Do what waits in the plan's queue, and once more what was done: it comes at least once."""
    sqs, url = wiring.aws("sqs"), cloud.environment["PLAN_QUEUE_URL"]
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            if json.loads(message["Body"])["step"] == "erase":
                for _ in range(2):
                    plan_jobs._work(json.loads(message["Body"]), Context())
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def holding(kept, who):
    found = {place: {one for one in who.markers if one in body} for place, body in kept.items()}
    return {place: sorted(marks) for place, marks in found.items() if marks}


def of(kept, who):
    """What is kept of somebody, byte by byte."""
    return {place: body for place, body in kept.items() if who.word.encode() in body}


def verified(pid):
    """What does not add up in a portfolio, as ``./recobro verify`` says it."""
    zone = wiring.portfolios().get(pid).time_zone
    report = verify.portfolio(pid, cases=wiring.cases(), stored=wiring.counters(), time_zone=zone)
    assert report.cases == 4, "the two, and what was merged into each"
    return report.differences


def test_nothing_says_who_it_was_and_everything_of_the_other_is_there(house, cloud):
    portfolio_id, act, second = house.pid, house.act, house.second
    drawers = Drawers(portfolio_id, wiring.now())
    case_id = drawers.person(GONE, key="G")
    other = drawers.person(BESIDE, key="B")
    before, cases = dict(everything(cloud)), wiring.cases()
    file, sums = cases.open(case_id), wiring.counters().read(portfolio_id)
    assert verified(portfolio_id) == []
    one = house.granted(case_id, text=GONE.says("Estimada"))
    assert {"name", "contacts", "files", "conversations"} <= {
        each["code"] for each in one["erasure"]["goes"]
    }
    assert (one["erasure"]["state"], one["erasure"]["blockers"]) == ("open", [])
    assert len(holding(before, GONE)) > 40, "there is something everywhere"

    asked = act(one, act="erase_ask", note=GONE.says("pide"), token=second)
    tray = house.get(f"/portfolios/{portfolio_id}/approvals?kind=erasure").body
    own = act(asked, act="erase_approve", token=second, status=403)
    act(asked, act="erase_approve")
    carried_out(cloud)

    assert own["code"] == "approval.own"
    (item,) = tray["items"]
    assert (item["name"], item["can_decide"]) == (one["number"], True)
    after = dict(everything(cloud))
    assert holding(after, GONE) == {}
    assert of(after, BESIDE) == of(before, BESIDE)
    path = f"/portfolios/{portfolio_id}/data-requests/{one['request_id']}"
    done = house.get(f"{path}").body
    assert (done["state"], done["erasure"]["state"]) == ("done", "done")
    assert (done["erasure"]["cases"], done["erasure"]["cases_done"]) == (2, 2)
    assert [step["act"] for step in done["steps"]][-3:] == [
        "erase_asked", "erase_approved", "erased",
    ]  # fmt: skip
    shown = house.get(f"/cases/{case_id}").body["case"]
    assert (shown["name"], shown["erased"]) == ("", one["number"])
    for sought in (GONE.name, GONE.tax_id, GONE.phone, GONE.email, GONE.word):
        found = house.get(f"/portfolios/{portfolio_id}/cases?q={sought}").body
        assert found["items"] == [], sought
    left = cases.open(case_id)
    assert timeline.verify(left.events, left.head.chain).ok
    assert left.entries == file.entries
    assert wiring.counters().read(portfolio_id) == sums
    assert verified(portfolio_id) == []
    assert cases.open(other).head.name == BESIDE.name
    known = suppression.found(
        portfolio_id,
        [
            ("phone", GONE.phone),
            ("email", GONE.email),
            ("tax", GONE.tax_id),
            ("phone", BESIDE.phone),
        ],
        means=wiring.suppression_means(),
    )
    assert known == {("phone", GONE.phone), ("email", GONE.email), ("tax", GONE.tax_id)}
    assert house.get(f"{path}/letter").status == 200
    (letter,) = [body for place, body in everything(cloud) if "data-requests/" in place]
    assert "Se conserva, y por qué" in words_of(letter)
    assert holding({"letter": words_of(letter).encode()}, GONE) == {}


def test_a_second_person_may_say_no_and_what_is_open_is_in_the_way(house):
    act, second = house.act, house.second
    case_id = put_case(house.pid, date(2026, 1, 15))
    one = house.granted(case_id)
    (open_,) = one["erasure"]["blockers"]
    assert (open_["reason"], open_["amount_minor"]) == ("owes", 100_000)
    assert one["can"]["carry_out"]

    blocked = act(one, act="erase_ask", note="pide", status=409)
    early = act(one, act="erase_approve", status=409)

    assert (blocked["code"], early["code"]) == ("data_request.blocked", "data_request.settled")
    assert blocked["details"]["blockers"] == [{"case_id": case_id, "reason": "owes"}]
    pay(case_id)
    asked = act(one, act="erase_ask", note="pide")
    assert (asked["erasure"]["may_decide"], asked["can"]["carry_out"]) == (False, False)
    mute = act(asked, act="erase_reject", token=second, status=422)
    refused = act(asked, act="erase_reject", note="falta la firma", token=second)
    again = act(refused, act="erase_ask", note="ya firmó")
    back = act(again, act="erase_withdraw")
    instead = act(
        back, act="answer", verdict="restricted", ground="law_keeps", article="30", text="x"
    )

    assert mute["details"] == {"field": "note", "reason": "missing"}
    assert (refused["erasure"]["state"], refused["erasure"]["note"]) == (
        "rejected", "falta la firma",
    )  # fmt: skip
    assert (back["erasure"]["state"], instead["erasure"]) == ("open", None)
    assert instead["verdict"] == "restricted"
    late = act(instead, act="erase_ask", note="pide", status=422)
    assert late["details"]["reason"] == "not_granted"


def pay(case_id):
    file = wiring.cases().open(case_id)
    draft = reopened(file, wiring.portfolios().get(file.head.portfolio_id), wiring.now())
    draft.pay(file.head.balance_minor, paid_on=draft.today, source="manual", reference="r-1")
    wiring.cases().commit(change_of(draft))
