"""An agent's day, devices, visits, photos and shifts, in the stand-in API."""

from datetime import UTC, datetime, timedelta
from typing import Any

from frontend.e2e.fake_api import Answer, Call, FakeApi, route

DOOR = (19.4326, -99.1332)
A_METRE = 1 / 111_195.1  # of latitude, in degrees

DISPOSITIONS: list[dict[str, Any]] = [
    {
        "code": "promise",
        "label": {"es": "Promete pagar", "en": "Promises to pay", "pt": "Promete pagar"},
        "met": ["holder", "codebtor"],
        "wants": ["promise", "signature"],
        "form_id": None,
    },
    {
        "code": "paid",
        "label": {"es": "Dice que ya pagó", "en": "Says it is paid", "pt": "Diz que pagou"},
        "met": ["holder"],
        "wants": ["payment_report"],
        "form_id": None,
    },
    {
        "code": "dispute",
        "label": {"es": "Reclama", "en": "Disputes it", "pt": "Reclama"},
        "met": ["holder"],
        "wants": ["dispute", "note"],
        "form_id": None,
    },
    {
        "code": "survey",
        "label": {"es": "Atiende", "en": "Answers", "pt": "Atende"},
        "met": ["holder", "family"],
        "wants": ["contacts", "address"],
        "form_id": "frm_visit",
    },
    {
        "code": "notice_left",
        "label": {"es": "Se dejó aviso", "en": "Notice left", "pt": "Aviso deixado"},
        "met": ["nobody", "neighbour", "family"],
        "wants": ["notice_photo"],
        "form_id": None,
    },
    {
        "code": "nobody_home",
        "label": {"es": "No hay nadie", "en": "Nobody home", "pt": "Ninguém em casa"},
        "met": ["nobody"],
        "wants": [],
        "form_id": None,
    },
]

# Of a portfolio that takes cash, and of one that is asked to stay away.
CASH_PAID: dict[str, Any] = {
    "code": "cash_paid",
    "label": {"es": "Pagó en efectivo", "en": "Paid in cash", "pt": "Pagou em dinheiro"},
    "met": ["holder"],
    "wants": ["cash"],
    "form_id": None,
}
AGREEMENT_SIGNED: dict[str, Any] = {
    "code": "agreement_signed",
    "label": {"es": "Firma un convenio", "en": "Signs an agreement", "pt": "Assina um acordo"},
    "met": ["holder"],
    "wants": ["agreement", "signature"],
    "form_id": None,
}
NO_VISITS: dict[str, Any] = {
    "code": "no_visits",
    "label": {"es": "Pide que no vayan", "en": "Asks not to come", "pt": "Pede para não ir"},
    "met": ["holder"],
    "wants": ["opt_outs"],
    "form_id": None,
}

# As the compiler writes it: asked how many people live there, then of each child's school.
FORM: dict[str, Any] = {
    "format": 1,
    "form_id": "frm_visit",
    "title": "Visita",
    "version": "1",
    "digest": "0",
    "root": "data",
    "default_language": "es",
    "languages": ["es", "en", "pt"],
    "lists": {
        "yes_no": [
            {"name": "si", "label": {"es": "Sí", "en": "Yes", "pt": "Sim"}},
            {"name": "no", "label": {"es": "No", "en": "No", "pt": "Não"}},
        ]
    },
    "items": [
        {
            "name": "vive",
            "kind": "select_one",
            "list": "yes_no",
            "label": {
                "es": "¿Vive aquí la persona titular?",
                "en": "Does the account holder live here?",
                "pt": "A pessoa titular mora aqui?",
            },
            "required": True,
        },
        {
            "name": "desde",
            "kind": "integer",
            "label": {"es": "¿Desde qué año?", "en": "Since which year?", "pt": "Desde que ano?"},
            "relevant": ["=", ["ref", ["vive"]], ["s", "si"]],
        },
    ],
}

NAMES = (
    "Lucía Ortega Marín",
    "José Antonio Pérez Güemes",
    "María Fernanda Quiroz",
    "Óscar Peña Ibáñez",
    "Talleres El Águila, S.A. de C.V.",
    "Rosa Elena Chávez de la O",
)


def stop(order: int, **changes: Any) -> dict[str, Any]:
    """A stop; each door is 400 m north of the one before."""
    now = datetime.now(UTC)
    base = {
        "assignment_id": f"asg_000000{order}",
        "order": order,
        "case_id": f"cas_{order}",
        "portfolio_id": "prt_mx",
        "name": NAMES[(order - 1) % len(NAMES)],
        "address": {
            "address_id": f"adr_{order}",
            "lines": f"República de Uruguay {10 * order}, interior {order}",
            "city": "Ciudad de México",
            "lat": DOOR[0] + 400 * (order - 1) * A_METRE,
            "lng": DOOR[1],
            "quality": "rooftop",
            "radius_m": 100,
        },
        "amount": {"minor": 1_234_550 * order, "currency": "MXN"},
        "amount_range": None,
        "band": "31-60",
        "dpd": 42,
        "debts": 1,
        "products": [],
        "last_results": [
            {"at": "2026-11-18T16:02:00Z", "channel": "visit", "disposition": "nobody_home",
             "verdict": "verified", "label": None}
        ],
        "notes": [{"at": "2026-11-18T16:03:00Z", "text": "Llega a casa después de las cinco."}],
        "promise": None,
        "window": {
            "allowed": True,
            "reason_code": "OK",
            "law": "CONDUSEF, regla 4",
            "next_allowed_at": None,
            "until": (now + timedelta(hours=3)).isoformat().replace("+00:00", "Z"),
        },
        "distance_m": 400 * order,
        "arrives": None,
        "why": "rule",
        "state": "planned",
        "withdrawn": None,
    }  # fmt: skip
    return base | changes


def day_of(api: FakeApi) -> dict[str, Any]:
    known: dict[str, Any] | None = getattr(api, "field_day", None)
    if known is None:
        known = {
            "date": datetime.now(UTC).date().isoformat(),
            "mark": "m1",
            "unchanged": False,
            "server_time": "",
            "person": {"person_id": api.me_id, "name": api.me["name"]},
            "portfolios": {
                "prt_mx": {
                    "name": "Microcréditos Centro",
                    "creditor": "Financiera Centro",
                    "agency": "Cobranza Amable",
                    "colour": "#1b5e57",
                    "country": "MX",
                    "currency": "MXN",
                    "time_zone": "America/Mexico_City",
                    "language": "es",
                    "cash_allowed": False,
                    "show_amount": "exact",
                    "promise": {"most_days": 15, "least_minor": 10_000},
                    "dispositions": DISPOSITIONS,
                }
            },
            "stops": [stop(order) for order in range(1, 7)],
            "forms": [{"form_id": "frm_visit", "version": 1, "compiled": FORM}],
            "dropped": [],
        }
        api.field_day = known  # type: ignore[attr-defined]
    return known


class Field:
    """What has arrived, and how the stand-in is to behave."""

    def __init__(self) -> None:
        self.storage_down = False
        self.line_bytes: int | None = None  # that the line carries before it breaks
        self.parts: dict[str, bytes] = {}
        self.carried: list[tuple[str, int]] = []  # name and bytes of what was sent, arrived or not
        self.devices: list[dict[str, Any]] = []
        self.visits: list[Call] = []
        self.deliveries = 0
        self.photos: dict[str, bytes] = {}
        self.points: list[dict[str, Any]] = []
        self.shifts: list[Any] = []
        self.alarms: list[Any] = []
        self.assignments: list[Any] = []
        self.refuse: dict[str, Answer] = {}  # by case id
        self.conflicts: list[dict[str, Any]] = []
        self.shift_closed = False
        self.numbers: set[int] = set()  # of receipts that have come
        self.torn: list[Any] = []
        self.deposits: list[dict[str, Any]] = []
        self.held_minor = 0
        self.signed: list[Any] = []  # agreements
        self.refuse_agreement: Answer | None = None
        self.refuse_rescue: Answer | None = None


def field(api: FakeApi) -> Field:
    if not hasattr(api, "field"):
        api.field = Field()  # type: ignore[attr-defined]
    found: Field = api.field  # type: ignore[attr-defined]
    return found


@route("POST", "/field/devices")
def add_device(api: FakeApi, call: Call) -> Answer:
    field(api).devices.append(call.body)
    return Answer(201, {"device_id": call.body["device_id"], "server_time": stamp()})


@route("GET", "/field/day")
def get_day(api: FakeApi, call: Call) -> Answer:
    day = day_of(api) | {"server_time": stamp()}
    if call.query.get("mark") == day["mark"]:
        empty: dict[str, Any] = {"portfolios": {}, "stops": [], "forms": [], "dropped": []}
        return Answer(200, day | empty | {"unchanged": True})
    return Answer(200, day)


@route("GET", "/field/near")
def near(api: FakeApi, call: Call) -> Answer:
    found = stop(
        9, case_id="cas_near", name="Vecina de la vuelta", assignment_id="", distance_m=120
    )
    return Answer(200, {"items": [found, stop(1, distance_m=10)]})


@route("POST", "/field/assignments")
def add_assignment(api: FakeApi, call: Call) -> Answer:
    field(api).assignments.append(call.body)
    return Answer(201, stop(9, **call.body, address=stop(9)["address"]))


@route("POST", "/field/visits")
def add_visit(api: FakeApi, call: Call) -> Answer:
    state = field(api)
    refused = state.refuse.get(call.body["case_id"])
    if refused is not None:
        return refused
    state.deliveries += 1
    known = [one for one in state.visits if one.body["visit_id"] == call.body["visit_id"]]
    if not known:
        state.visits.append(call)
        if call.body.get("cash"):
            state.numbers.add(int(call.body["cash"]["number"][-6:]))
            state.held_minor += call.body["cash"]["amount_minor"]
    wanted = [photo["photo_id"] for photo in call.body["photos"]]
    return Answer(
        200 if known else 201,
        {
            "visit_id": call.body["visit_id"],
            "state": "photos_wanted" if wanted else "complete",
            "verdict": call.body["verdict"],
            "trust": {"score": 100, "signs": []},
            "counted": True,
            "photos_wanted": wanted,
            "conflicts": state.conflicts,
        },
    )


@route("POST", "/field/rescues")
def outline(api: FakeApi, call: Call) -> Answer:
    state = field(api)
    if state.refuse_rescue is not None:
        return state.refuse_rescue
    found = next(one for one in api.people if one["person_id"] == call.body["person_id"])
    here = [one.body for one in state.visits if one.body["visit_id"] in call.body["visits"]]
    sent = set(state.photos)
    known = [
        {
            "visit_id": one["visit_id"],
            "photos_wanted": [
                photo["photo_id"] for photo in one["photos"] if photo["photo_id"] not in sent
            ],
        }
        for one in here
    ]
    person = {"id": found["person_id"], "name": found["name"]}
    return Answer(200, {"person": person, "visits": known})


@route("POST", "/field/shifts")
def start_shift(api: FakeApi, call: Call) -> Answer:
    field(api).shifts.append(call.body)
    return Answer(201, call.body)


@route("PATCH", "/field/shifts/{id}")
def end_shift(api: FakeApi, call: Call) -> Answer:
    field(api).shifts.append(call.body | {"shift_id": call.parts[0]})
    return Answer(200, call.body)


@route("GET", "/field/shifts/current")
def current_shift(api: FakeApi, call: Call) -> Answer:
    state = field(api)
    open_ = [one for one in state.shifts if "started_at" in one]
    shift = None if state.shift_closed or not open_ else open_[-1] | {"ended_at": None}
    return Answer(200, {"shift": shift, "server_time": stamp(), "kept_days": 90})


@route("POST", "/field/pings")
def pings(api: FakeApi, call: Call) -> Answer:
    field(api).points += call.body["points"]
    return Answer(200, {"accepted": len(call.body["points"]), "refused": []})


@route("GET", "/field/trail")
def trail(api: FakeApi, call: Call) -> Answer:
    points = [
        {"at": f"2026-11-22T{10 + n // 6}:{n % 6}0:00Z", "lat": DOOR[0] + n * 0.001,
         "lng": DOOR[1] + (n % 3) * 0.0008}
        for n in range(24)
    ]  # fmt: skip
    return Answer(200, {"points": points, "stops": [], "kept_until": "2027-02-20"})


@route("POST", "/field/alarms")
def alarm(api: FakeApi, call: Call) -> Answer:
    field(api).alarms.append(call.body)
    return Answer(201, call.body)


@route("GET", "/field/credential")
def credential(api: FakeApi, call: Call) -> Answer:
    until = (datetime.now(UTC) + timedelta(hours=12)).isoformat().replace("+00:00", "Z")
    return Answer(
        200, {"code": "481902", "url": "/verificar/?c=481902", "expires_at": until, "photo": None}
    )


def stamp() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")
