"""The real app over HTTP's shapes, with AWS played by moto."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from chalice.test import Client
from moto import mock_aws
from moto.utilities.utils import load_resource

import app as application
from chalicelib import config, wiring
from chalicelib.domain.people import Role
from chalicelib.handlers import web
from chalicelib.handlers.models import model
from chalicelib.store.access_tokens import AccessTokens
from tests.api.cloud import PASSWORD, Cloud, make_cloud

API = "/api/v1"
QUEUES = "https://sqs.us-east-1.amazonaws.com/123456789012"
ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "STAGE": "test",
    "SITE_URL": "https://site.example",
    "CASES_TABLE": "cases",
    "WORK_TABLE": "work",
    "IDEMPOTENCY_TABLE": "idempotency",
    "UPLOADS_BUCKET": "uploads",
    "EXPORTS_BUCKET": "exports",
    "EVIDENCE_BUCKET": "evidence",
    "SITE_BUCKET": "site",
    "UPLOAD_STEPS_QUEUE_URL": f"{QUEUES}/steps",
    "UPLOAD_CHUNKS_QUEUE_URL": f"{QUEUES}/chunks",
    "EXPORTS_QUEUE_URL": f"{QUEUES}/exports",
}


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
        answer = Answer(got.status_code, json.loads(got.body) if got.body else None, got.headers)
        self._hold_to_its_model(method, API + path.split("?")[0], answer)
        return answer

    def _hold_to_its_model(self, method: str, path: str, answer: Answer) -> None:
        if answer.status >= 400:
            if answer.headers.get("Content-Type") == "application/problem+json":
                model("common:Problem").model_validate(answer.body)
            return
        operation = operation_of(method, path)
        assert answer.status == operation.status
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


@contextmanager
def open_cloud() -> Iterator[Cloud]:
    """A fresh, empty account with our tables, buckets and user pool in it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
            patch.delenv(name, raising=False)
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        with mock_aws():
            made = make_cloud()
            patch.setenv("USER_POOL_ID", made.pool_id)
            patch.setenv("USER_POOL_CLIENT_ID", made.client_id)
            forget()
            # moto serves its public keys to HTTP clients it has patched, which urllib is not.
            keys = pool_keys()
            checker = AccessTokens(
                issuer=config.settings().token_issuer, client_id=made.client_id, keys=lambda: keys
            )
            patch.setattr(wiring, "access_tokens", lambda: checker)
            yield made
    forget()


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with open_cloud() as made:
        yield made


def pool_keys() -> dict[str, Any]:
    """The public half of the key that moto signs every pool's tokens with."""
    keys: dict[str, Any] = load_resource("cognitoidp/resources/jwks-public.json")
    return keys


def forget() -> None:
    """Drop what a process remembers of its environment."""
    config.settings.cache_clear()
    for name in dir(wiring):
        cached = getattr(wiring, name)
        # Clients stay: making one costs more than a test, and moto answers old ones as well.
        if hasattr(cached, "cache_clear") and name != "aws":
            cached.cache_clear()


@pytest.fixture
def api(cloud: Cloud):
    with Client(application.app) as client:
        yield Api(client)


@pytest.fixture
def admin(api: Api, cloud: Cloud) -> str:
    """An admin's access token; the second factor is set up."""
    return sign_in(api, cloud, "admin@example.com", Role.ADMIN, totp=True)


@pytest.fixture
def agent(api: Api, cloud: Cloud) -> str:
    return sign_in(api, cloud, "agent@example.com", Role.AGENT, portfolios=("prt_in",))


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
