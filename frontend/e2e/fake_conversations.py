"""Conversations of the stand-in API: three with debtors, one with a stranger."""

from datetime import UTC, datetime, timedelta
from typing import Any

from frontend.e2e.fake_api import Answer, Call, FakeApi, problem, route

NOW = datetime(2026, 11, 22, 16, 20, tzinfo=UTC)
CAN = {"take": True, "hand_back": False, "reply": True, "attach": False, "erase": True}


def instant(minutes: float) -> str:
    return (NOW + timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


def message(seq: int, by: str, text: str, **more: Any) -> dict[str, Any]:
    return {
        "seq": seq,
        "at": instant(seq - 60),
        "by": {"kind": by, "name": "Ana Torres" if by == "user" else ""},
        "kind": "text",
        "text": text,
        "buttons": [],
        "media": [],
        "intent": "",
        "state": "received" if by == "debtor" else "delivered",
        "problem": "",
        **more,
    }


def talk(key: str, name: str, said: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    owner = {
        "case_id": "cas_1",
        "name": name,
        "status": "open",
        "balance": {"minor": 150_050, "currency": "MXN"},
    }
    head = {
        "conversation_id": key,
        "portfolio_id": "prt_mx",
        "channel": "whatsapp",
        "phone": "+522222431190",
        "name": "Yo merito",
        "case": owner,
        "cases": 1,
        "desk": "bot",
        "reason": "",
        "taken_by": None,
        "unread": 0,
        "preview": said[-1]["text"],
        "preview_by": said[-1]["by"]["kind"],
        "last_in_at": instant(-50),
        "moved_at": instant(-50),
        "window_ends_at": instant(60 * 23),
        "messages": len(said),
    } | more
    return {"head": head, "said": said, "can": dict(CAN), "why": "", "identified": ""}


def talks(api: FakeApi) -> dict[str, dict[str, Any]]:
    """The conversations of one server; made when they are first asked for."""
    kept: dict[str, dict[str, Any]] | None = getattr(api, "talks", None)
    if kept is None:
        kept = {one["head"]["conversation_id"]: one for one in _start()}
        api.talks = kept  # type: ignore[attr-defined]
    return kept


def _start() -> list[dict[str, Any]]:
    menu = ["Hablar con alguien", "No soy esa persona", "No más mensajes"]
    asked = talk(
        "cnv_1",
        "Ibarra Quiñones, Ofelia",
        [
            message(1, "debtor", "Hola, ¿cuánto debo?"),
            message(2, "bot", "Hola, soy el asistente virtual.", buttons=menu, state="read"),
            message(3, "debtor", "", kind="voice"),
            message(4, "debtor", "Quiero hablar con una persona 🙏"),
        ],
        desk="waiting",
        reason="asked",
        unread=2,
        moved_at=instant(-10),
    )
    asked["can"]["hand_back"] = True
    closed = talk(
        "cnv_2",
        "Núñez Pech, Rubén",
        [
            message(1, "debtor", "ya pagué"),
            message(2, "user", "Gracias", state="failed", problem="throttled"),
        ],
        moved_at=instant(-2000),
        window_ends_at=instant(-500),
    )
    closed |= {"why": "window_closed", "identified": "cas_1"}
    closed["can"]["reply"] = False
    stranger = talk("cnv_3", "", [message(1, "debtor", "¿Quién es?")], case=None, cases=0, unread=1)
    stranger["can"]["attach"] = True
    return [asked, closed, stranger]


def moved(one: dict[str, Any], **more: Any) -> None:
    """Change a conversation; it goes to the top of its list."""
    last = one["said"][-1]
    at = datetime.fromisoformat(one["head"]["moved_at"]).timestamp()
    newest = datetime.fromtimestamp(max(at, NOW.timestamp()) + 1, UTC)
    one["head"] |= {
        "moved_at": newest.isoformat().replace("+00:00", "Z"),
        "messages": last["seq"],
        "preview": last["text"],
        "preview_by": last["by"]["kind"],
    } | more


def hear(api: FakeApi, key: str, text: str) -> None:
    """Let somebody write, as a test's debtor."""
    with api.lock:
        one = talks(api)[key]
        one["said"].append(message(len(one["said"]) + 1, "debtor", text))
        moved(one, unread=one["head"]["unread"] + 1)


@route("GET", "/portfolios/{pid}/conversations")
def list_talks(api: FakeApi, call: Call) -> Answer:
    known = call.query.get("tray", "known") == "known"
    wanted, since = call.query.get("desk"), call.query.get("since", "")
    ours = call.parts[0] == api.portfolios[0]["portfolio_id"] if api.portfolios else False
    found = [
        one["head"]
        for one in talks(api).values()
        if ours
        and (one["head"]["case"] is not None) is known
        and (wanted is None or one["head"]["desk"] == wanted)
    ]
    found.sort(key=lambda head: str(head["moved_at"]), reverse=True)
    mark = found[0]["moved_at"] if found else since or "0"
    items = [head for head in found if head["moved_at"] > since]
    return Answer(200, {"items": items, "cursor": None, "mark": max(mark, since)})


def page(one: dict[str, Any], call: Call) -> Answer:
    after = int(call.query.get("after", 0))
    owner = one["head"]["case"]
    body = {
        "conversation": one["head"],
        "cases": [owner] if owner else [],
        "identified": one["identified"],
        "portfolio": {"id": "prt_mx", "name": "Crédito menudeo"},
        "messages": [said for said in one["said"] if said["seq"] > after],
        "more": False,
        "window_ends_at": one["head"]["window_ends_at"],
        "can": one["can"],
        "why_not": one["why"],
        "next_allowed_at": None,
        "templates": ["reminder_friendly"] if one["why"] else [],
    }
    return Answer(200, body)


def found(api: FakeApi, call: Call) -> dict[str, Any] | None:
    return talks(api).get(call.parts[0])


@route("GET", "/conversations/{id}")
def get_talk(api: FakeApi, call: Call) -> Answer:
    one = found(api, call)
    return page(one, call) if one else problem(404, "conversation.not_found")


@route("GET", "/cases/{id}/conversations")
def talks_of_case(api: FakeApi, call: Call) -> Answer:
    own = [t["head"] for t in talks(api).values() if t["head"]["case"]]
    return Answer(200, {"items": own, "cursor": None, "mark": ""})


@route("POST", "/conversations/{id}/reading")
def read(api: FakeApi, call: Call) -> Answer:
    one = talks(api)[call.parts[0]]
    one["head"]["unread"] = 0
    return page(one, call)


@route("POST", "/conversations/{id}/takeover")
def take(api: FakeApi, call: Call) -> Answer:
    one = talks(api)[call.parts[0]]
    me = {"id": f"user:{api.me['person_id']}", "name": api.me["name"]}
    moved(one, desk="person", taken_by=me)
    one["can"] |= {"take": False, "hand_back": True}
    return page(one, call)


@route("DELETE", "/conversations/{id}/takeover")
def give_back(api: FakeApi, call: Call) -> Answer:
    one = talks(api)[call.parts[0]]
    moved(one, desk="bot", taken_by=None, reason="")
    one["can"] |= {"take": True, "hand_back": False}
    return page(one, call)


@route("POST", "/conversations/{id}/messages")
def say(api: FakeApi, call: Call) -> Answer:
    one = talks(api)[call.parts[0]]
    seq = len(one["said"]) + 1
    if call.body.get("template_id"):
        planned = {"kind": "template", "state": "planned"}
        one["said"].append(message(seq, "user", call.body["template_id"], **planned))
    else:
        one["said"].append(message(seq, "user", call.body["text"], state="sent"))
    take(api, call)
    answer = page(one, call)
    return Answer(201, answer.body)


@route("POST", "/conversations/{id}/erasure")
def erase(api: FakeApi, call: Call) -> Answer:
    one = talks(api)[call.parts[0]]
    if one["head"]["case"] is None:
        del talks(api)[call.parts[0]]
        return Answer(204)
    one["said"] = [
        message(said["seq"], said["by"]["kind"], "", kind="erased") for said in one["said"]
    ]
    moved(one, name="", preview="", preview_by="", unread=0)
    return Answer(204)


@route("POST", "/conversations/{id}/attachment")
def attach(api: FakeApi, call: Call) -> Answer:
    one = talks(api)[call.parts[0]]
    owner = {"name": "Ibarra Quiñones, Ofelia", "status": "open"}
    owner["case_id"] = call.body["case_id"]
    moved(one, case=owner | {"balance": {"minor": 1, "currency": "MXN"}}, cases=1)
    one["can"]["attach"] = False
    return page(one, call)
