"""The real app over HTTP's shapes, with AWS played by moto."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from chalice.test import Client

import app as application
from chalicelib import wiring
from chalicelib.domain.people import Role
from chalicelib.handlers import web
from chalicelib.handlers.models import model
from chalicelib.store import work_table
from chalicelib.store.repeats import RepeatRow
from tests import engines, wires
from tests.api.cloud import PASSWORD, Cloud, client_of, make_cloud, put_case

API = "/api/v1"
ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
}
NEW = {"name": "Tarjetas", "creditor": "Banco", "country": "MX"}  # a portfolio


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    headers: dict[str, str]

    @property
    def code(self) -> str | None:
        return self.body.get("code") if isinstance(self.body, dict) else None


class Api:
    """Calls the app and holds every answer against the model its route is documented with."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def __call__(
        self,
        call: str,
        body: Any = None,
        *,
        token: str | None = None,
        raw: bytes | None = None,
        **headers: str,
    ) -> Answer:
        method, path = call.split(" ", 1)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent.setdefault("content-type", "application/json")
        if token is not None:
            sent["authorization"] = f"Bearer {token}"
        payload = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        try:
            got = self._client.http.request(method, API + path, headers=sent, body=payload)
        except Exception as refused:
            # The authorizer says no by raising exactly this; API Gateway makes it a 401.
            if str(refused) != "Unauthorized":
                raise
            return Answer(401, {"message": "Unauthorized"}, {})
        if str(got.headers.get("Content-Type", "")).startswith("text/html"):
            return Answer(got.status_code, got.body.decode(), got.headers)
        answer = Answer(got.status_code, json.loads(got.body) if got.body else None, got.headers)
        self._hold_to_its_model(method, API + path.split("?")[0], answer)
        return answer

    def _hold_to_its_model(self, method: str, path: str, answer: Answer) -> None:
        if answer.status >= 400:
            if answer.headers.get("Content-Type") == "application/problem+json":
                model("common:Problem").model_validate(answer.body)
            return
        operation = operation_of(method, path)
        assert answer.status in (operation.status, operation.again)
        if operation.answer is None:
            assert answer.body is None
        else:
            model(operation.answer).model_validate_json(json.dumps(answer.body))


def operation_of(method: str, path: str) -> web.Operation:
    """The operation a real path leads to, as API Gateway would route it."""
    parts = path.split("/")
    for template, methods in application.app.routes.items():
        wanted = template.split("/")
        same = len(wanted) == len(parts) and all(
            w.startswith("{") or w == p for w, p in zip(wanted, parts, strict=True)
        )
        if same and method in methods:
            operation: web.Operation = methods[method].view_function.operation
            return operation
    raise LookupError(f"{method} {path}")


@pytest.fixture(scope="session", autouse=True)
def server() -> Iterator[str]:
    """Moto's server: AWS as far as these tests are concerned, token keys and all."""
    with engines.moto() as endpoint, pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL_DYNAMODB"):
            patch.delenv(name, raising=False)
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        patch.setenv("AWS_ENDPOINT_URL", endpoint)
        yield endpoint
    for cached in (client_of, wiring.aws, wiring.wire):
        cached.cache_clear()
    work_table.WorkRow._connection = None
    RepeatRow._connection = None


@contextmanager
def open_cloud() -> Iterator[Cloud]:
    """A fresh, empty account with our tables, buckets and user pool in it."""
    made = make_cloud()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in made.environment.items():
            patch.setenv(name, value)
        forget()
        yield made
    forget()


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with open_cloud() as made:
        yield made


def forget() -> None:
    """Drop what a process remembers of its environment."""
    # Clients stay: making one costs more than a test.
    wires.forget(keep=("aws", "wire"))


@pytest.fixture
def api(cloud: Cloud):
    with Client(application.app) as client:
        yield Api(client)


@pytest.fixture
def admin(api: Api, cloud: Cloud) -> str:
    """An admin's access token; the second factor is set up."""
    return sign_in(api, cloud, "admin@example.com", Role.ADMIN, totp=True)


@pytest.fixture
def portfolio_id(api: Api, admin: str) -> str:
    return str(api("POST /portfolios", NEW, token=admin).body["portfolio_id"])


@pytest.fixture
def case_id(portfolio_id: str) -> str:
    """A case that owes 1,000.00 since January."""
    return put_case(portfolio_id, date(2026, 1, 15))


@dataclass(frozen=True)
class Common:
    """An admin at work, shared by the tests that only get refused or only read."""

    api: Api
    token: str
    portfolio_id: str

    def __call__(self, call: str, body: Any = None, **options: Any) -> Answer:
        return self.api(call, body, token=self.token, **options)


@pytest.fixture(scope="module")
def common(server: str) -> Iterator[Common]:
    with open_cloud() as made, Client(application.app) as client:
        api = Api(client)
        token = sign_in(api, made, "admin@example.com", Role.ADMIN, totp=True)
        new = {"name": "A", "creditor": "B", "country": "MX"}
        portfolio = api("POST /portfolios", new, token=token).body["portfolio_id"]
        yield Common(api=api, token=token, portfolio_id=portfolio)


def sign_in(
    api: Api,
    cloud: Cloud,
    email: str,
    role: Role,
    *,
    portfolios: tuple[str, ...] = (),
    totp: bool = False,
) -> str:
    cloud.person(email, role, portfolios=portfolios, totp=totp)
    return token_of(api, email)


def token_of(api: Api, email: str) -> str:
    return str(api("POST /session", {"email": email, "password": PASSWORD}).body["access_token"])
