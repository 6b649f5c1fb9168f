"""The creditor's documents of the stand-in API's one case."""

from typing import Any

from frontend.e2e.fake_api import Answer, Call, FakeApi, problem, route
from frontend.e2e.fake_cases import page_of, tell

ANA = {"id": "per_ana", "name": "Ana Torres"}


def a_paper(number: int, kind: str, name: str, **more: Any) -> dict[str, Any]:
    return {
        "paper_id": f"pap_{number}",
        "kind": kind,
        "name": name,
        "debt_id": "dbt_1",
        "media_type": "application/pdf",
        "size_bytes": 48_200,
        "sha256": f"{number:064x}",
        "shown": True,
        "at": f"2026-11-{20 - number:02}T16:00:00Z",
        "by": ANA,
        "state": "stands",
        "replaces": None,
        "replaced_by": None,
        "ended_at": None,
        "ended_by": None,
        "why": "",
        "url": f"/_s3/{kind}-{number}.pdf",
            "scan": "off",
    } | more  # fmt: skip


def papers_of(api: FakeApi) -> list[dict[str, Any]]:
    if not hasattr(api, "papers"):
        ended = {"state": "withdrawn", "ended_at": "2026-11-19T10:00:00Z", "why": "De otro cliente"}
        api.papers = [  # type: ignore[attr-defined]
            a_paper(1, "note", "Pagaré 4471 firmado.pdf"),
            a_paper(2, "guarantee", "Aval.pdf", shown=False, debt_id=None),
            a_paper(3, "invoice", "Factura 88.pdf", **ended),
        ]
    papers: list[dict[str, Any]] = api.papers  # type: ignore[attr-defined]
    return papers


def shown(api: FakeApi) -> Answer:
    items = sorted(papers_of(api), key=lambda one: one["state"] != "stands")
    kinds = ["contract", "delivery", "invoice", "note", "statement"]
    can = {"add": True, "erase": True}
    return Answer(200, {"items": items, "can": can, "shown_kinds": kinds})


@route("POST", "/portfolios/{pid}/paper-forms")
def forms(api: FakeApi, call: Call) -> Answer:
    url = "/api/v1/_fake/papers"
    items = [
        {"mark": f"mark-of-a-sent-file-{n}", "post": {"url": url, "fields": {"key": "papers/x"}}}
        for n in range(call.body["count"])
    ]
    return Answer(201, {"items": items})


@route("POST", "/_fake/papers", anonymous=True)
def bucket(_api: FakeApi, _call: Call) -> Answer:
    """Stand for the bucket."""
    return Answer(201)


@route("POST", "/portfolios/{pid}/paper-matches")
def match(_api: FakeApi, call: Call) -> Answer:
    def told(name: str) -> dict[str, Any]:
        ids = ["F-4471__A", "F-4471"] if "__A" in name else ["F-4471"]
        known, none = "ya" in name, not name.startswith("F-")
        return {
            "name": name,
            "outcome": "no_debt" if none else "known" if known else "ambiguous"
            if len(ids) > 1 else "matched",
            "kind": "note" if "pagare" in name else None,
            "debts": []
            if none
            else [{"debt": one, "case_id": "cas_1", "case_name": "Rosa Díaz"} for one in ids],
        }  # fmt: skip

    return Answer(200, {"items": [told(one["name"]) for one in call.body["items"]]})


@route("POST", "/portfolios/{pid}/papers")
def place(_api: FakeApi, call: Call) -> Answer:
    items = []
    for one in call.body["items"]:
        known = one["name"].startswith("F-")
        broken = "roto" in one["name"]
        outcome = "refused" if broken else "placed" if known else "no_debt"
        items.append(
            one
            | {
                "outcome": outcome,
                "reason": "not_one_of" if broken else "",
                "debt": "F-4471" if known else "",
                "kind": call.body["kind"] if known else None,
                "case_id": "cas_1" if known else None,
                "paper_id": "pap_9" if outcome == "placed" else None,
            }
        )
    return Answer(200, {"items": items})


@route("GET", "/cases/{id}/papers")
def listed(api: FakeApi, _call: Call) -> Answer:
    return shown(api)


@route("POST", "/cases/{id}/papers")
def add(api: FakeApi, call: Call) -> Answer:
    body = call.body
    if "roto" in body["name"]:
        choices = ["application/pdf", "image/jpeg", "image/png", "image/webp"]
        return problem(422, "request.bad_field", field="file", reason="not_one_of", choices=choices)
    papers = papers_of(api)
    for old in papers:
        if old["paper_id"] == body["replaces"]:
            old |= {"state": "replaced", "why": body["reason"], "ended_at": "2026-11-22T10:00:00Z"}
    fields = {"shown": body["shown"], "debt_id": body["debt_id"] or None}
    papers.append(a_paper(len(papers) + 1, body["kind"], body["name"], **fields))
    tell(page_of(api), "paper.added", personal={"name": body["name"]})
    return Answer(201, shown(api).body)


@route("POST", "/cases/{id}/pack")
def pack(api: FakeApi, call: Call) -> Answer:
    tell(page_of(api), "case.pack_taken", personal={"reason": call.body["reason"]})
    made = {"url": "/_s3/expediente.zip", "sha256": "e" * 64, "events": 12, "size_bytes": 9_000}
    return Answer(201, made)


@route("PATCH", "/cases/{id}/papers/{paper}")
def change(api: FakeApi, call: Call) -> Answer:
    one = next(one for one in papers_of(api) if one["paper_id"] == call.parts[1])
    if (state := call.body.get("state")) is None:
        one |= call.body | {"debt_id": call.body["debt_id"] or None}
        return shown(api)
    one |= {"state": state, "why": call.body["reason"], "ended_at": "2026-11-22T10:00:00Z"}
    if state == "erased":
        one |= {"name": "", "why": "", "url": None}
    told = {"withdrawn": "paper.withdrawn", "erased": "paper.erased"}[state]
    tell(page_of(api), told, personal={"reason": call.body["reason"]})
    return shown(api)
