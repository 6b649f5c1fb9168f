"""Between HTTP and the use cases: who asks, what was sent, what a refusal looks like."""

import functools
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import unquote

from chalice.app import Blueprint, Chalice, Request, Response

from chalicelib import wiring
from chalicelib.domain.errors import (
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    NotFound,
    NotJson,
    SessionEnded,
    TooLarge,
    TooMany,
    Unauthenticated,
)
from chalicelib.domain.ids import derived_id, new_id
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.handlers import actors, queries

# A route says all that it takes by this one module.
Query = queries.Query
PAGE = queries.PAGE

# The first class of a refusal's ancestry that is listed decides.
STATUS: dict[type[DomainError], int] = {
    TooLarge: 413,
    NotJson: 400,
    Invalid: 422,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    TooMany: 429,
}
MAX_BODY_BYTES = 256 * 1024
RESCUED = "x-recobro-of"  # whose it is that somebody else brings
HEADERS: dict[str, str | list[str]] = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
PROBLEM_HEADERS = HEADERS | {"Content-Type": "application/problem+json"}

log = logging.getLogger("recobro")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """
    What a route takes and answers: what the OpenAPI document is made of.

    Args:
        body, answer: ``module:Model`` under ``handlers.models``, imported only when needed:
            pydantic is not paid for by a cold GET.
        idempotent: Takes an ``Idempotency-Key``.
        any_query: Whatever the query holds is for the view to read.
        again: Status of a repeat that the client's own id tells; None where there is none.
        invalid: What a body is refused with, all that is wrong at once; ``BadField`` if None.
        rescued: A manager may bring it for an agent who left, named by ``RESCUED``.
    """

    body: str | None
    answer: str | None
    status: int
    query: tuple[Query, ...]
    public: bool
    idempotent: bool
    max_bytes: int = MAX_BODY_BYTES
    any_query: bool = False
    again: int | None = None
    invalid: type[Invalid] | None = None
    rescued: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A registered operation and the view behind it, whose docstring is published."""

    operation: Operation
    view: Callable[..., Any]


# Every route by (path, method), as they register; the OpenAPI document is made of it.
ROUTES: dict[tuple[str, str], Route] = {}


@dataclass(slots=True, kw_only=True)
class Call:
    """One request, read and checked as far as its operation says."""

    request: Request
    now: datetime
    body: Any = None
    query: dict[str, Any] = field(default_factory=dict)
    receipt: dict[str, Any] = field(default_factory=dict)
    _actor: Actor | None = None

    @property
    def actor(self) -> Actor:
        """Who asks; a public operation has nobody."""
        if self._actor is None:
            raise SessionEnded
        return self._actor

    @property
    def key(self) -> str:
        """Name this request for ever: by the client's key, else as one of a kind."""
        sent = self.request.headers.get("idempotency-key")
        return derived_id("key", self.actor.actor_id, str(sent)) if sent else new_id("key")

    @property
    def casework(self) -> dict[str, Any]:
        """What every use case about one case asks for: who, when, and the stores."""
        return {
            "actor": self.actor,
            "cases": wiring.cases(),
            "portfolios": wiring.portfolios(),
            "now": self.now,
        }

    @property
    def raw(self) -> bytes:
        """The body as it came."""
        body = self.request.raw_body
        return body.encode() if isinstance(body, str) else bytes(body)

    @property
    def bearer(self) -> str:
        """The access token as it was sent."""
        return str(self.request.headers.get("authorization", "")).removeprefix("Bearer ").strip()

    @property
    def limit(self) -> int:
        """How many items a page should hold."""
        return int(self.query.get("limit") or 50)

    @property
    def cursor(self) -> str | None:
        cursor: str | None = self.query.get("cursor")
        return cursor

    def looked(self, kind: str, portfolio_id: str, *, case_id: str = "", of: str = "") -> None:
        """
        Note in the access log that the actor saw this; see ``domain.looked``.

        A log that cannot be written keeps nobody from working: it is told as an error.

        Args:
            portfolio_id: Empty: that of the case, which is read for it.
        """
        from chalicelib.domain.looked import Look, LookKind

        try:
            if not portfolio_id:
                portfolio_id = wiring.cases().heads([case_id])[case_id].portfolio_id
            wiring.access_log().note(
                Look(
                    kind=LookKind(kind),
                    at=self.now,
                    actor=self.actor.actor_id,
                    portfolio_id=portfolio_id,
                    case_id=case_id,
                    of=of,
                )
            )
        except Exception:
            log.exception("look not logged", extra={"kind": kind})

    def changes(self) -> dict[str, Any]:
        """The fields of a PATCH that were really sent; null leaves one as it is."""
        sent: dict[str, Any] = self.body.model_dump(exclude_unset=True)
        return {name: value for name, value in sent.items() if value is not None}


class Repeat(Protocol):
    """
    Answers a request that is sent again: the first one's receipt, and the path's parameters.

    By position: what a view calls them is its own matter.
    """

    def __call__(self, call: Call, receipt: dict[str, Any], path: dict[str, str], /) -> Any: ...


def route(
    bp: Blueprint,
    method_and_path: str,
    *,
    body: str | None = None,
    answer: str | None = None,
    status: int = 200,
    query: tuple[Query, ...] = (),
    public: bool = False,
    repeat: Repeat | None = None,
    again: int | None = None,
    invalid: type[Invalid] | None = None,
    accepts: tuple[str, ...] = ("application/json",),
    max_bytes: int = MAX_BODY_BYTES,
    any_query: bool = False,
    rescued: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """
    Register a view: ``@web.route(bp, "POST /people", body="people:NewPerson", status=201)``.

    The view gets a ``Call`` and the path's parameters; what it returns is made JSON (a
    ``Response`` goes out as it is, None as an empty 204). It has to be wrapped here: Chalice
    turns a foreign exception into a 500 before any middleware sees it.

    Args:
        public: Nobody need sign in. Everything else is behind the authorizer (``protect``).
        repeat: Answers a repeat of the request, told by its ``Idempotency-Key``.
        again: Status of a repeat that the client's own id tells.
        invalid: What a senseless body is refused with, by a list of ``fields``.
        accepts: Content types of a body; others are answered 415.
        max_bytes: Of a body; a larger one is answered 413.
        any_query: The view reads the query itself, whatever it holds.
        rescued: A manager may bring it for an agent who left; see ``services.rescues``.
    """
    method, path = method_and_path.split(" ")
    operation = Operation(
        body=body,
        answer=answer,
        status=status,
        query=query,
        public=public,
        idempotent=repeat is not None,
        any_query=any_query,
        again=again,
        invalid=invalid,
        max_bytes=max_bytes,
        rescued=rescued,
    )

    def wrap(view: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(view)
        def wrapped(**path_params: str) -> Response:
            request = bp.current_request
            try:
                call = _read(request, operation)
                # API Gateway hands path parameters over still percent-encoded.
                params = {name: unquote(value) for name, value in path_params.items()}
                if repeat is not None:
                    from chalicelib.handlers import repeats

                    return answered(repeats.once(call, view, params, repeat=repeat), status)
                return answered(view(call, **params), status)
            except DomainError as error:
                return problem(error, request)
            except Exception:
                # The trace names code, not people: our own messages never carry personal data.
                log.exception("unhandled")
                return internal(request)

        wrapped.operation = operation  # type: ignore[attr-defined]
        ROUTES[path, method] = Route(operation=operation, view=view)
        registered: Callable[..., Any] = bp.route(
            path, methods=[method], content_types=list(accepts)
        )(wrapped)
        return registered

    return wrap


def answered(result: Any, status: int) -> Response:
    """Make the answer of *result*: a ``Response`` as it is, None as 204, the rest as JSON."""
    if isinstance(result, Response):
        result.headers = HEADERS | dict(result.headers)
        return result
    if result is None:
        return Response("", status_code=status if status != 200 else 204, headers=HEADERS)
    text = json.dumps(to_plain(result), ensure_ascii=False, separators=(",", ":"))
    return Response(
        text, status_code=status, headers=HEADERS | {"Content-Type": "application/json"}
    )


def problem(error: DomainError, request: Request) -> Response:
    """Shape *error* after RFC 9457; clients translate the code."""
    status = next(
        (STATUS[kind] for kind in type(error).__mro__ if kind in STATUS),
        400,
    )
    headers = dict(PROBLEM_HEADERS)
    if isinstance(error, TooMany) and "retry_after_s" in error.details:
        headers["Retry-After"] = str(error.details["retry_after_s"])
    return _problem(status, error.code, error.details, request, headers)


def internal(request: Request) -> Response:
    """Answer a bug: nothing but an id to find it by in the log."""
    return _problem(500, "internal", {}, request, PROBLEM_HEADERS)


def protect(app: Chalice, authorizer: Any) -> None:
    """Put every route that is not declared public behind *authorizer*."""
    for methods in app.routes.values():
        for entry in methods.values():
            operation: Operation | None = getattr(entry.view_function, "operation", None)
            if operation is None or not operation.public:
                entry.authorizer = authorizer


def _problem(
    status: int,
    code: str,
    details: dict[str, Any],
    request: Request,
    headers: dict[str, str | list[str]],
) -> Response:
    body = {
        "type": f"urn:recobro:problem:{code}",
        "title": code,
        "status": status,
        "code": code,
        "details": details,
        "request_id": request.context.get("requestId", ""),
    }
    return Response(json.dumps(body), status_code=status, headers=dict(headers))


def _read(request: Request, operation: Operation) -> Call:
    now = wiring.now()
    call = Call(request=request, now=now)
    if not operation.public:
        call._actor = actors.load(request, now=now)
        if operation.rescued and (left := request.headers.get(RESCUED)):
            call._actor = actors.bringing(str(left), actor=call._actor)
    if not operation.any_query:
        call.query = queries.read_query(request.query_params, operation.query)
    if operation.body:
        call.body = _read_body(request, operation, operation.body)
    return call


def _read_body(request: Request, operation: Operation, reference: str) -> Any:
    from chalicelib.handlers.models import parse

    raw = request.raw_body
    if len(raw) > operation.max_bytes:
        raise TooLarge(limit_bytes=operation.max_bytes)
    raw = raw.encode() if isinstance(raw, str) else raw or b"{}"
    return parse(reference, raw, invalid=operation.invalid)
