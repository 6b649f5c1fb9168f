"""
The stand-in for questionnaires: the real services over stores in memory.

``prt_mx`` has two: one made of the starter, published and asked everywhere, and the draft of a
shorter one; the second portfolio has none.
"""

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.errors import Conflict, DomainError, NotFound
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.plain import from_plain, to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.questionnaire import Questionnaire
from chalicelib.forms.starter import starter
from chalicelib.handlers import forms as shapes
from chalicelib.services import dispositions, questionnaire_changes, questionnaires
from chalicelib.services.questionnaires import SentFile
from frontend.e2e.fake_api import Answer, Call, FakeApi, problem, route
from tests.form_fakes import MemoryFiles, MemoryForms

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
FORMS = "/portfolios/{pid}/forms"
ONE = f"{FORMS}/{{id}}"


class Desk:
    """What one server knows of questionnaires."""

    def __init__(self, api: FakeApi) -> None:
        self.api, self.forms, self.files = api, MemoryForms(), MemoryFiles()
        self.actor = Actor(actor_id="user:per_ana", role=Role.ADMIN, portfolios=("*",))
        if any(one["portfolio_id"] == "prt_mx" for one in api.portfolios):
            self._begin()

    def get(self, portfolio_id: str) -> Portfolio | None:
        """A portfolio, as the services ask for it."""
        found = [one for one in self.api.portfolios if one["portfolio_id"] == portfolio_id]
        return from_plain(Portfolio, found[0]) if found else None

    def send(self, portfolio_id: str, sent: SentFile, key: str) -> Questionnaire:
        return questionnaire_changes.create(
            portfolio_id,
            sent,
            key=key,
            actor=self.actor,
            forms=self.forms,
            portfolios=self,
            files=self.files,
            now=NOW,
        )

    def publish(
        self, form: Questionnaire, number: int, *, revision: int, without_forbidden: bool
    ) -> Questionnaire:
        return questionnaire_changes.publish(
            form.portfolio_id,
            form.form_id,
            number,
            without_forbidden=without_forbidden,
            revision=revision,
            actor=self.actor,
            forms=self.forms,
            portfolios=self,
            now=NOW,
        )

    def line(self, form: Questionnaire) -> dict[str, Any]:
        portfolio = self.get(form.portfolio_id)
        uses = to_plain(portfolio.policies.field.forms) if portfolio else []
        return shapes.line_of(form, uses, {"user:per_ana": "Ana"})

    def whole(self, form: Questionnaire) -> dict[str, Any]:
        versions = self.forms.versions(form.portfolio_id, form.form_id)
        shown = [shapes.version_of(each, {"user:per_ana": "Ana"}) for each in versions]
        return self.line(form) | {"versions": shown}

    def _begin(self) -> None:
        name, content = starter("es")
        sent = SentFile(filename=name, content=content, tables={})
        form = self.send("prt_mx", sent, "first")
        self.publish(form, 1, revision=1, without_forbidden=False)
        self.send("prt_mx", sent, "second")
        self.first = form.form_id


def desk(api: FakeApi) -> Desk:
    return api.__dict__.setdefault("forms_desk", None) or _opened(api)


def _opened(api: FakeApi) -> Desk:
    api.__dict__["forms_desk"] = made = Desk(api)
    return made


def _told(answer: Callable[[], Any], status: int = 200) -> Answer:
    try:
        return Answer(status, answer())
    except DomainError as error:
        kinds = {NotFound: 404, Conflict: 409}
        code = next((kinds[kind] for kind in kinds if isinstance(error, kind)), 422)
        return problem(code, error.code, **error.details)


@route("GET", FORMS)
def listed(api: FakeApi, call: Call) -> Answer:
    made = desk(api)
    found = questionnaires.listed(call.parts[0], actor=made.actor, forms=made.forms)
    return Answer(200, {"items": [made.line(each) for each in found], "cursor": None})


@route("POST", FORMS)
def create(api: FakeApi, call: Call) -> Answer:
    made = desk(api)
    key = call.headers.get("Idempotency-Key", "key")
    return _told(lambda: made.whole(made.send(call.parts[0], _sent(call.body), key)), 201)


@route("GET", ONE)
def shown(api: FakeApi, call: Call) -> Answer:
    made = desk(api)
    return _told(
        lambda: made.whole(questionnaires.get(*call.parts, actor=made.actor, forms=made.forms))
    )


@route("POST", f"{ONE}/versions")
def add_version(api: FakeApi, call: Call) -> Answer:
    made, body = desk(api), call.body
    common = {"actor": made.actor, "forms": made.forms, "files": made.files, "now": NOW}
    if body.get("file"):
        return _told(
            lambda: made.whole(
                questionnaire_changes.add_version(
                    *call.parts, _sent(body["file"]), revision=body["revision"], **common
                )
            ),
            201,
        )
    changes = dict(body["changes"])
    base = changes.pop("base")
    return _told(
        lambda: made.whole(
            questionnaire_changes.edit(
                *call.parts, base, changes, revision=body["revision"], **common
            )
        ),
        201,
    )


@route("GET", f"{ONE}/versions/{{n}}")
def version(api: FakeApi, call: Call) -> Answer:
    made = desk(api)
    pid, form_id, number = call.parts
    return _told(
        lambda: shapes.opened_of(
            questionnaires.opened(
                pid, form_id, int(number), actor=made.actor, forms=made.forms, portfolios=made
            )
        )
    )


@route("GET", f"{ONE}/versions/{{n}}/original")
def original(api: FakeApi, call: Call) -> Answer:
    return Answer(200, {"url": "/robots.txt"})


@route("GET", "/portfolios/{pid}/form-starter")
def starter_link(api: FakeApi, call: Call) -> Answer:
    return Answer(200, {"url": "/robots.txt"})


@route("POST", f"{ONE}/publication")
def publish(api: FakeApi, call: Call) -> Answer:
    made, body = desk(api), call.body
    return _told(
        lambda: made.whole(
            made.publish(
                questionnaires.one(*call.parts, made.forms),
                body["version"],
                revision=body["revision"],
                without_forbidden=body.get("without_forbidden", False),
            )
        )
    )


@route("POST", f"{ONE}/archival")
def archive(api: FakeApi, call: Call) -> Answer:
    made, body = desk(api), call.body
    return _told(
        lambda: made.whole(
            questionnaire_changes.archive(
                *call.parts,
                archived=body.get("archived", True),
                revision=body["revision"],
                actor=made.actor,
                forms=made.forms,
                now=NOW,
            )
        )
    )


@route("GET", "/portfolios/{pid}/dispositions")
def list_dispositions(api: FakeApi, call: Call) -> Answer:
    made = desk(api)
    return _told(lambda: dispositions.page(call.parts[0], actor=made.actor, portfolios=made))  # type: ignore[arg-type]


def _sent(body: dict[str, Any]) -> SentFile:
    return SentFile(
        filename=body["filename"],
        content=base64.b64decode(body["content"]),
        tables={one["filename"]: base64.b64decode(one["content"]) for one in body["tables"]},
    )
