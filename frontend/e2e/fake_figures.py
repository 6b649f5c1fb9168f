"""The stand-in's lake: the real catalogue, with numbers invented for it."""

from typing import Any

from chalicelib.bi import line_cases
from chalicelib.bi.kpis import KPIS
from chalicelib.domain.people import Actor, Role
from chalicelib.services import figure_cases, figures
from frontend.e2e.fake_api import Answer, Call, FakeApi, problem, route

ADMIN = Actor(actor_id="user:per_ana", role=Role.ADMIN, portfolios=("*",))
LAST = "2027-12-31"
ROLLS = {
    ("current", "current"): (800, 1000, 40),
    ("current", "1-7"): (150, 1000, 9),
    ("current", "paid"): (50, 1000, 3),
    ("1-7", "8-30"): (300, 500, 12),
    ("1-7", "paid"): (200, 500, 8),
    ("8-30", "31-60"): (700, 900, 30),
    ("8-30", "current"): (100, 900, 4),
    ("8-30", "gone"): (100, 900, 2),
}
CURVES = {
    ("2026-08", "2026-08"): (100, 1000, 60),
    ("2026-08", "2026-09"): (260, 1000, 60),
    ("2026-08", "2026-10"): (340, 1000, 60),
    ("2026-09", "2026-09"): (80, 1200, 75),
    ("2026-09", "2026-10"): (300, 1200, 75),
    ("2026-10", "2026-10"): (150, 900, 50),
}
STEPS = ("1 made", "2 delivered", "3 read", "4 answered", "5 direct")


HOURS = [
    (str(day), str(hour), (day * hour) % 4, tries := 4 + (day + hour) % 7 * 9, tries)
    for day in range(1, 8)
    for hour in range(6, 22)
]
ROWS: dict[str, list[tuple[str, str, int, int, int]]] = {
    "roll_matrix": [(*group, *sums) for group, sums in ROLLS.items()],
    "liquidation": [(*group, *sums) for group, sums in CURVES.items()],
    "contact_hours": HOURS,
    "channel_funnel": [
        (channel, step, 100 - 20 * at, 100, 100)
        for channel in ("sms", "whatsapp")
        for at, step in enumerate(STEPS)
    ],
    "template_funnel": [("aviso@2", step, 90 - 20 * at, 90, 90) for at, step in enumerate(STEPS)],
    "attribution": [("call", "", 240_000, 480_000, 44), ("whatsapp", "", 90_000, 480_000, 21)],
    "strategy_ab": [("str_1@2", "a", 120, 1_000, 1_000), ("str_1@2", "b", 90, 1_000, 1_000)],
    "forecast_told": [(str(n), "", (10 * n + 5) * 60, 6_000, 60) for n in range(10)],
    "forecast_paid": [(str(n), "", 6 * n + 5, 60, 60) for n in range(10)],
    "message_cost": [("USD", "", 900_000, 4_500_000, 130)],
    "unit_cost": [
        ("total", "", 540_000_000, 4_500_000, 212),
        ("messages", "USD", 15_000_000, 4_500_000, 130),
        ("calls", "", 420_000_000, 4_500_000, 70),
        ("visits", "", 105_000_000, 4_500_000, 12),
    ],
    "visit_collected": [("", "", 1_250_000, 40, 40)],
    "slippage": [("", "", 120_000, 480_000, 12)],
}

LEFT_OUT = [{"part": "field", "of": "1", "sample": 9}, {"part": "km", "of": "1", "sample": 9}]


def _line(code: str, row: tuple[str, str, int, int, int]) -> dict[str, Any]:
    one, two, numerator, denominator, sample = row
    line = {
        "group_1": one,
        "group_2": two,
        "numerator": numerator,
        "denominator": denominator,
        "sample": sample,
        "value": numerator / denominator,
        "few": sample < figures.FEW,
    }
    if (KPIS[code].unit, KPIS[code].parts) == ("ratio", ("count", "count")):
        line |= {"low": 0.9 * line["value"], "high": min(1.0, 1.1 * line["value"])}
    if code == "strategy_ab":
        line |= {"low": 0.08, "high": 0.14, "sure": 0.971}
    if code == "contact_hours":
        line |= {
            "smoothed": (numerator + 4) / (denominator + 20),
            "few": denominator < figures.FEW_TRIES,
        }
    return line


def _rows(code: str, asked: dict[str, str]) -> list[tuple[str, str, int, int, int]]:
    """A zone or a segment has a third of the tries."""
    rows = ROWS.get(code, [("", "", 120_000, 480_000, 480)])
    if not {"zone", "segment"} & set(asked):
        return rows
    return [(one, two, above // 3, below // 3, n // 3) for one, two, above, below, n in rows]


def about(call: Call) -> dict[str, Any]:
    return {
        "portfolio_id": call.parts[0],
        "currency": "MXN",
        "days": 30,
        "days_there": 28,
        "engine": "duckdb",
        "bytes": 4096,
    }


def missing(api: FakeApi, last: str) -> Answer | None:
    """Tests say which days there are by ``api.lake = (first, last)``; without, all."""
    if getattr(api, "engine_busy", 0) > 0:  # so many questions find it busy
        api.engine_busy -= 1
        return problem(409, "lake.not_told", reason="engine")
    there = getattr(api, "lake", ("2020-01-01", LAST))
    if there is None:
        return problem(409, "lake.day_missing", day=last, first=None, last=None)
    if last > there[1]:
        return problem(409, "lake.day_missing", day=last, first=there[0], last=there[1])
    return None


@route("GET", "/kpi-catalogue")
def catalogue(api: FakeApi, call: Call) -> Answer:
    return Answer(200, figures.catalogue(actor=ADMIN))


@route("GET", "/portfolios/{pid}/figures")
def figure(api: FakeApi, call: Call) -> Answer:
    code = call.query["kpi"]
    if refused := missing(api, call.query["to"]):
        return refused
    body = {
        "kpi": code,
        "version": KPIS[code].version,
        "unit": KPIS[code].unit,
        "lines": [_line(code, row) for row in _rows(code, call.query)],
        "left_out": LEFT_OUT if code == "unit_cost" else [],
        "from": call.query["from"],
        "to": call.query["to"],
    }
    return Answer(200, body | about(call))


@route("GET", "/portfolios/{pid}/figures/hours")
def good_hours(api: FakeApi, call: Call) -> Answer:
    """Calls have hours of the portfolio, of zones and of a segment; tests may forget them."""
    calls = {
        "channel": "call",
        "tries": 1_200,
        "direct": 260,
        "best": [{"weekday": 2, "hour": 19}, {"weekday": 4, "hour": 19}],
        "zones": 3,
        "segments": 1,
    }
    learned = {
        "since": "2026-11-03T09:10:00Z",
        "made_at": "2026-11-23T09:10:00Z",
        "from": "2026-08-25",
        "to": "2026-11-22",
        "days": 90,
        "channels": [calls],
    }
    told = getattr(api, "learned_hours", learned)
    return Answer(200, {"learned": told, "used": {"queue": 20, "messages": True}})


@route("GET", "/portfolios/{pid}/figures/cases")
def behind(api: FakeApi, call: Call) -> Answer:
    return Answer(200, cases_behind(call.query, pages=call.query.get("kpi") == "coverage"))


@route("POST", "/portfolios/{pid}/figures/cases")
def behind_line(api: FakeApi, call: Call) -> Answer:
    told = figure_cases.about({"filters": [], "dimensions": [], "keys": [], **call.body})
    line_cases.checked(told.report, told.keys)  # type: ignore[union-attr]
    return Answer(200, cases_behind(call.body, pages=True))


def cases_behind(asked: dict[str, Any], *, pages: bool) -> dict[str, Any]:
    """Two of a side, and a third on a page of its own; one that the number only measures by."""
    names = ("Ofelia Ibarra Montes", "Saúl Peña") if asked.get("side") != "rest" else ("Rosa",)
    begin = 2 if asked.get("cursor") else 0
    if begin:
        names = ("Berta Solís",)
    more = pages and len(names) == 2
    items = [
        {
            "case_id": f"cas_{begin + at + 1}",
            "name": name,
            "status": "open",
            "times": at + 1,
            "worth": 120_000 - at,
        }
        for at, name in enumerate(names)
    ]
    return {"items": items, "more": more, "cursor": "119999~cas_2" if more else None}


@route("PUT", "/portfolios/{pid}/figures")
def bring(api: FakeApi, call: Call) -> Answer:
    """The days are there at once, but only the second question finds the run ended."""
    orders = getattr(api, "lake_orders", [])
    api.lake_orders = [*orders, call.body]  # type: ignore[attr-defined]
    api.lake = ("2020-01-01", LAST)  # type: ignore[attr-defined]
    api.slice_days = ("2020-01-01", LAST)  # type: ignore[attr-defined]
    state = "done" if orders else "ordered"
    return Answer(202, {"state": state, "day": call.body.get("from", LAST)})
