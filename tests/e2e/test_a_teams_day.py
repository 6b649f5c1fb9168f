"""
A team's day on the deployed stack, with IAM enforced: divided at once, and looked at again.

The page's proposal goes through the planner's queue to its function, which runs from a package of
its own with PyVRP. What it finds takes the first one's place; a day this small it seldom betters,
and the page says so. What the page shows is what is assigned.
"""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from local.users import DemoUser
from tests.e2e import schedules
from tests.e2e.browser import like, look, t
from tests.e2e.office import WITHIN_S, Office, office, until

pytestmark = [pytest.mark.stack, pytest.mark.browser]

THURSDAY = datetime(2027, 1, 28, 16, tzinfo=UTC)  # ten in the morning there
FRIDAY = "2027-01-29"
# Dealt out one by one, the nearest first, they make ways a tenth longer than they need be.
DOORS = (
    (19.4275, -99.1173), (19.4019, -99.1531), (19.4577, -99.1301), (19.4077, -99.1491),
    (19.4528, -99.1436), (19.4017, -99.1162), (19.4078, -99.1315), (19.4372, -99.1424),
    (19.4577, -99.1594), (19.4363, -99.1632), (19.4579, -99.1613), (19.4308, -99.1200),
)  # fmt: skip
STARTS = ((19.43, -99.17), (19.43, -99.11))


@dataclass(frozen=True, slots=True)
class Team:
    it: Office
    agents: tuple[DemoUser, ...]

    def plans(self) -> list[dict[str, Any]]:
        """What the page was told of plans, as anybody's program is."""
        table = self.it.stack.cloud.client("dynamodb")
        rows = table.query(
            TableName=self.it.stack.outputs["WorkTable"],
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ExpressionAttributeValues={
                ":pk": {"S": f"P#{self.it.portfolio_id}"},
                ":sk": {"S": "TPLAN#"},
            },
        )["Items"]
        root = f"/portfolios/{self.it.portfolio_id}/team-plans"
        return [self.it.supervisor.get(f"{root}/{row['sk']['S'][6:]}") for row in rows]


def the_file() -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Clave cliente", "Nombre", "Folio", "Fecha vencimiento", "Saldo",
                     "Dirección", "Ciudad", "Latitud", "Longitud"])  # fmt: skip
    for n, (lat, lng) in enumerate(DOORS, start=1):
        writer.writerow([
            f"C-{n}", f"Rita Reparto {n}", f"R-{n}", "2026-12-20", "1000.00",
            f"Calle {n} número {n}", "Ciudad de México", lat, lng,
        ])  # fmt: skip
    return text.getvalue().encode()


@pytest.fixture
def team(stack, people) -> Iterator[Team]:
    """Two agents who begin at two ends of the town, and twelve doors between them."""
    with office(stack, people, THURSDAY) as it:
        it.found("Reparto")
        api = it.supervisor
        upload = api.wait_for_upload(
            api.send_file(
                it.portfolio_id, "debts", "reparto.csv", the_file(), apply_automatically=True
            )
        )
        assert (upload["state"], upload["applied"]["created"]) == ("done", len(DOORS)), upload
        agents = tuple(it.hire(name) for name in ("Rosaura Reparto", "Rubén Reparto"))
        for agent, (lat, lng) in zip(agents, STARTS, strict=True):
            path = f"/agents/{agent.sub}/profile"
            profile = api.get(path) | {"start": {"lat": lat, "lng": lng}}
            del profile["person_id"]
            api.put(path, profile)
        yield Team(it, agents)


def test_a_teams_day_is_divided_by_the_function_and_assigned(team):
    it = team.it
    supervisor = it.people["supervisor"]
    with it.desk(supervisor) as page:
        page.goto(f"/panel/rutas/?cartera={it.portfolio_id}&dia={FRIDAY}&ver=asignar")
        page.get_by_label(t("routes.how.rule")).check()
        for agent in team.agents:
            page.get_by_label(agent.name).check()
        page.get_by_role("button", name=t("routes.propose")).click()
        expect(page.get_by_text(like("routes.on_the_way"))).to_be_visible(timeout=WITHIN_S * 1000)
        shown = page.get_by_text(t("routes.better_shown"), exact=True)
        told = shown.or_(page.get_by_text(t("routes.better_none"), exact=True))
        expect(told).to_be_visible(timeout=WITHIN_S * 1000)
        look(page, "better-division")

        (plan,) = team.plans()
        first, found = plan["first"], plan["found"]
        assert (plan["state"], first["visits"]) == ("done", len(DOORS))
        assert shown.is_visible() is (found is not None)
        if found is not None:
            assert (found["visits"], found["missed"]) == (len(DOORS), [])
            assert (found["metres"], found["seconds"]) < (first["metres"], first["seconds"])
        print(f"first {first}, found {found and found['metres']}")

        # The message once more, as queues bring them: it makes no second plan.
        body = {"portfolio_id": it.portfolio_id, "plan_id": plan["plan_id"]}
        url = it.stack.outputs["RoutePlansQueueUrl"]
        it.stack.cloud.client("sqs").send_message(QueueUrl=url, MessageBody=json.dumps(body))
        schedules.settle(it.stack, "RoutePlansQueueUrl", "RoutePlansDeadUrl")
        assert team.plans() == [plan]

        # Asked for again it is the same plan, and there with the first look.
        with page.expect_response(lambda answer: "/team-plans/" in answer.url) as looked:
            page.get_by_role("button", name=t("routes.propose")).click()
        assert looked.value.json()["state"] == "done"
        expect(told).to_be_visible()
        assert team.plans() == [plan]

        rows = page.get_by_role("row").filter(has_text="Rita Reparto")
        expect(rows).to_have_count(len(DOORS))
        wanted = {
            row.get_by_role("link").first.inner_text(): next(
                agent.sub for agent in team.agents if agent.name in row.inner_text()
            )
            for row in rows.all()
        }
        page.get_by_role("button", name=like("routes.assign.other")).click()
        expect(page.get_by_text(like("routes.assigned.other"))).to_be_visible(
            timeout=WITHIN_S * 1000
        )

    def assigned() -> dict[str, str]:
        items = it.supervisor.get("/assignments", date=FRIDAY)["items"]
        return {one["name"]: one["person_id"] for one in items if one["name"] in wanted}

    until(lambda: assigned() == wanted, "the visits as the page showed them")
