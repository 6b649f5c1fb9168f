"""The planner's function has a package of its own: PyVRP and numpy, without what draws."""

import importlib.metadata
import json

from infra import package
from infra.build import load
from tests.infra.conftest import alone, imports_of, is_compiled

MB = 1_000_000
PACKAGE = package.PLANNER
ENVIRONMENT = {"STAGE": "local", "WORK_TABLE": "work", "AWS_DEFAULT_REGION": "us-east-1"}

# Twelve visits and two agents; a message of the queue is worked on with a store in memory.
PLANS = """
from dataclasses import replace
from datetime import UTC, date, datetime
from chalicelib.geo.point import Point
from chalicelib.routes.day import Agent, Visit, plan_team
from chalicelib.routes.team_plan import PlanState, TeamPlan
from planner import functions, means

visits = tuple(
    Visit(visit_id=str(n), point=Point(19.4 + (n * 7 % 12) / 100, -99.1 + (n * 5 % 12) / 100))
    for n in range(12)
)
agents = tuple(
    Agent(agent_id=one, start=Point(19.4, -99.1 + n / 20), visits_max=7)
    for n, one in enumerate("ab")
)
now = datetime(2026, 11, 24, 15, tzinfo=UTC)
# What anybody would beat: all in the order of their numbers.
first = plan_team(agents, visits, seconds=0)
stops = [stop for one in first.stops.values() for stop in one]
stops.sort(key=lambda stop: stop.visit_id)
worse = replace(first, stops={"a": tuple(stops[::2]), "b": tuple(stops[1::2])})
plan = TeamPlan(
    plan_id="tpl_1", portfolio_id="prt_1", day=date(2026, 11, 24), state=PlanState.WAITING,
    agents=agents, visits=visits, first=worse, created_by="user:eva", created_at=now,
    updated_at=now, expires_at=now,
)
class Kept:
    def get(self, *_): return plan
    def save(self, new):
        global plan
        plan = new
        return new
means.plans, means.now = (lambda: Kept()), (lambda: now)
record = {"messageId": "1", "receiptHandle": "r",
          "body": '{"portfolio_id": "prt_1", "plan_id": "tpl_1"}'}
print(functions.plan_team({"Records": [record]}, None), plan.state, plan.found.metres > 0)
"""


def test_it_stays_small(inside):
    zipped = (package.BUILD / "lambda" / "planner.zip").stat().st_size

    assert zipped <= 25 * MB
    assert sum(p.stat().st_size for p in inside.rglob("*") if p.is_file()) <= 80 * MB


def test_it_holds_what_its_function_needs_and_no_more(inside):
    named = {d.metadata["Name"] for d in importlib.metadata.distributions(path=[str(inside)])}

    assert named == {
        "boto3", "botocore", "jmespath", "numpy", "orjson", "pynamodb", "python-dateutil", "pyvrp",
        "s3transfer", "six", "tqdm", "tzdata", "urllib3", "vrplib",
    }  # fmt: skip
    assert not (inside / "matplotlib").exists()
    assert (inside / "chalicelib" / "routes" / "team.py").is_file()
    for left in ("handlers", "wiring", "compliance"):
        assert not (inside / "chalicelib" / left).exists()
    services = {p.name for p in (inside / "botocore" / "data").iterdir() if p.is_dir()}
    assert services == package.PLANNER_SERVICES


def test_every_module_is_compiled(inside):
    is_compiled(inside)


def test_the_same_sources_give_the_same_bytes(host):
    first = package.digest(package.BUILD / "host" / "planner.zip")

    assert package.digest(package.bundle("host", PACKAGE)) == first


def test_it_plans_a_teams_day_from_the_package_alone(host):
    done = alone(host, PLANS, **ENVIRONMENT)

    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.splitlines()[-1] == "{'batchItemFailures': []} done True"
    drawing = alone(host, "import matplotlib", **ENVIRONMENT)
    assert "No module named 'matplotlib'" in drawing.stderr


def test_everything_it_would_import_later_is_there(host):
    number, script = imports_of(PACKAGE)
    done = alone(host, script, **ENVIRONMENT)

    assert number > 50
    assert done.returncode == 0, done.stderr[-3000:]


def test_it_may_read_and_write_plans_and_nothing_else(resources):
    """Points and hours come with the plan: neither cases nor their people are asked for."""
    listed = load(package.ROOT / "infra" / "functions.yaml")["plan_team"]["grants"]
    (policy,) = resources["PlanTeamRole"]["Properties"]["Policies"]
    touched = {
        json.dumps(statement["Resource"]) for statement in policy["PolicyDocument"]["Statement"]
    }

    assert listed == [{"table": "Work", "may": "write"}, {"queue": "RoutePlans", "may": "receive"}]
    assert not any("Cases" in one or "Bucket" in one or "Evidence" in one for one in touched)
