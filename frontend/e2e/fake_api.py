"""
A stand-in for the API, for tests of the pages only: the shapes of the contract, no rules.

It serves ``frontend/dist`` under the strict content policy of production, so that a page that
breaks the policy breaks here first. Every server starts from the same invented
people. The routes are those of the modules that ``fake_site`` gathers.
"""

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from frontend.e2e import fake_data

DIST = Path(__file__).resolve().parents[1] / "dist"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
NOT_ONES_OWN = ("disabled", "invited_at", "last_seen_at", "photo_key", "status")


@dataclass
class Answer:
    """What is answered; ``status`` 0: nothing, the line breaks."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Call:
    """One request as a route sees it."""

    method: str
    path: str
    parts: tuple[str, ...]
    query: dict[str, str]
    body: Any
    headers: dict[str, str]
    raw: bytes = b""


Route = Callable[["FakeApi", Call], Answer]
ROUTES: list[tuple[str, re.Pattern[str], Route, bool]] = []


def route(method: str, pattern: str, *, anonymous: bool = False) -> Callable[[Route], Route]:
    """Register a route; ``{x}`` in the pattern is one path segment."""
    regex = re.compile("^" + re.sub(r"\{\w+\}", "([^/]+)", pattern) + "$")

    def register(function: Route) -> Route:
        ROUTES.append((method, regex, function, anonymous))
        return function

    return register


def problem(status: int, code: str, **details: Any) -> Answer:
    body = {"type": "about:blank", "title": code, "status": status, "code": code}
    return Answer(status, {**body, "details": details, "request_id": "req-fake"})


def own(person: dict[str, Any]) -> dict[str, Any]:
    """A person as they see themself."""
    return {name: value for name, value in person.items() if name not in NOT_ONES_OWN}


def whole(portfolio: dict[str, Any]) -> dict[str, Any]:
    """A portfolio on its own: only lists carry its few figures."""
    return {name: value for name, value in portfolio.items() if name != "kpis"}


def merged(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Nested objects are merged, anything else replaced."""
    nested = {
        name: merged(base[name], value)
        for name, value in changes.items()
        if isinstance(value, dict) and isinstance(base.get(name), dict)
    }
    return base | changes | nested


class FakeApi:
    """State of one server; tests may change it before the browser looks."""

    def __init__(self, *, empty: bool = False) -> None:
        self.lock = threading.Lock()
        self.calls: list[Call] = []
        self.tokens: set[str] = {"token-1"}
        self.cookie_valid = False
        self.refreshes = 0
        self.people = fake_data.people()
        self.portfolios = [] if empty else fake_data.portfolios()
        self.service_tokens: dict[str, list[dict[str, Any]]] = {}
        self.me_id = "per_ana"
        self.fail_next: Answer | None = None
        self.fail_where = ""  # how the path of that request ends
        self.appended: dict[str, bytes] = {}  # to files of the site, as a new version would be

    @property
    def me(self) -> dict[str, Any]:
        return next(p for p in self.people if p["person_id"] == self.me_id)

    def sign_in(self) -> Answer:
        self.cookie_valid = True
        token = f"token-{len(self.tokens) + 1}"
        self.tokens = {token}
        body = {"access_token": token, "expires_in": 3600, "me": own(self.me)}
        cookie = "recobro_refresh=r; HttpOnly; SameSite=Strict; Path=/api/v1/session"
        return Answer(200, body, {"Set-Cookie": cookie})

    def answer(self, call: Call) -> Answer:
        with self.lock:
            self.calls.append(call)
            # What the frame asks by itself is not what a test wants to see fail.
            meant = call.path.endswith(self.fail_where) and call.path != "/tasks/late"
            if self.fail_next is not None and meant:
                failed, self.fail_next = self.fail_next, None
                return failed
            for method, regex, function, anonymous in ROUTES:
                match = regex.match(call.path)
                if method != call.method or match is None:
                    continue
                token = call.headers.get("authorization", "").removeprefix("Bearer ")
                if not anonymous and token not in self.tokens:
                    return Answer(401, {"message": "Unauthorized"})
                call.parts = match.groups()
                return function(self, call)
        return Answer(403, {"message": "Missing Authentication Token"})


# Portfolios


@route("GET", "/countries")
def countries(api: FakeApi, call: Call) -> Answer:
    return Answer(200, {"items": fake_data.COUNTRIES})


@route("GET", "/portfolio-defaults")
def defaults(api: FakeApi, call: Call) -> Answer:
    return Answer(200, fake_data.defaults(call.query["country"]))


@route("GET", "/portfolios")
def list_portfolios(api: FakeApi, call: Call) -> Answer:
    return Answer(200, {"items": api.portfolios, "cursor": None})


@route("POST", "/portfolios")
def create_portfolio(api: FakeApi, call: Call) -> Answer:
    body = fake_data.defaults(call.body["country"]) | call.body
    made = fake_data.portfolio(f"prt_{len(api.portfolios)}", body)
    api.portfolios.append(made)
    return Answer(201, whole(made))


@route("GET", "/portfolios/{pid}")
def get_portfolio(api: FakeApi, call: Call) -> Answer:
    found = [p for p in api.portfolios if p["portfolio_id"] == call.parts[0]]
    return Answer(200, whole(found[0])) if found else problem(404, "portfolio.not_found")


@route("PATCH", "/portfolios/{pid}")
def patch_portfolio(api: FakeApi, call: Call) -> Answer:
    portfolio = next(p for p in api.portfolios if p["portfolio_id"] == call.parts[0])
    body = dict(call.body)
    if body.pop("version") != portfolio["version"]:
        return problem(409, "portfolio.moved")
    portfolio.update(merged(portfolio, body))
    portfolio["version"] += 1
    return Answer(200, whole(portfolio))


@route("PUT", "/portfolios/{pid}/logo")
def put_logo(api: FakeApi, call: Call) -> Answer:
    portfolio = next(p for p in api.portfolios if p["portfolio_id"] == call.parts[0])
    if call.body["version"] != portfolio["version"]:
        return problem(409, "portfolio.moved")
    portfolio["branding"]["logo_key"] = f"media/{call.parts[0]}/logo.webp"
    portfolio["version"] += 1
    return Answer(200, whole(portfolio))


@route("GET", "/portfolios/{pid}/tokens")
def list_tokens(api: FakeApi, call: Call) -> Answer:
    kept = api.service_tokens.get(call.parts[0], [])
    shown = [{name: one[name] for name in one if name != "secret"} for one in kept]
    return Answer(200, {"items": shown, "cursor": None})


@route("POST", "/portfolios/{pid}/tokens")
def create_token(api: FakeApi, call: Call) -> Answer:
    tokens = api.service_tokens.setdefault(call.parts[0], [])
    use = call.body.get("use", "uploads")
    made = {
        "token_id": f"tok_{len(tokens)}",
        "name": call.body["name"],
        "use": use,
        "until": "2027-01-21T09:00:00Z" if use == "slice" else None,
        "created_at": "2026-11-22T09:00:00Z",
        "last_used_at": None,
        "works": True,
    }
    secret = f"rcb_{len(tokens)}" + "x7Kq" * 10
    tokens.append(made | {"secret": secret})
    return Answer(201, made | {"token": secret})


@route("DELETE", "/portfolios/{pid}/tokens/{id}")
def revoke_token(api: FakeApi, call: Call) -> Answer:
    pid, token_id = call.parts
    api.service_tokens[pid] = [t for t in api.service_tokens[pid] if t["token_id"] != token_id]
    return Answer(204)


@route("GET", "/portfolios/{pid}/kpis")
def portfolio_kpis(api: FakeApi, call: Call) -> Answer:
    return Answer(
        200, fake_data.kpis(next(p for p in api.portfolios if p["portfolio_id"] == call.parts[0]))
    )


@route("GET", "/kpis")
def all_kpis(api: FakeApi, call: Call) -> Answer:
    by_currency = {p["currency"]: fake_data.kpis(p) for p in api.portfolios}
    return Answer(200, {"currencies": list(by_currency.values())})


# Serving


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, api: FakeApi) -> None:
        self.api = api
        super().__init__(("127.0.0.1", port), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    # Head and body in one packet, sent at once: else the body waits for the head's receipt.
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        self.reply()

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the base class's names

    def reply(self) -> None:
        url = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(length)
        if url.path.startswith("/api/v1"):
            body = (
                json.loads(raw) if raw and "json" in self.headers.get("Content-Type", "") else raw
            )
            call = Call(
                method=self.command,
                path=url.path.removeprefix("/api/v1"),
                parts=(),
                query={name: values[0] for name, values in parse_qs(url.query).items()},
                body=body,
                headers={name.lower(): value for name, value in self.headers.items()},
                raw=raw,
            )
            answer = self.server.api.answer(call)
            if answer.status == 0:
                self.close_connection = True
                return
            content = b"" if answer.status == 204 else json.dumps(answer.body).encode()
            self.send(
                answer.status, content, {"Content-Type": "application/json", **answer.headers}
            )
        else:
            self.serve_file(url.path)

    def serve_file(self, path: str) -> None:
        file = (DIST / path.lstrip("/")).resolve()
        if file.is_dir():
            file /= "index.html"
        status = HTTPStatus.OK
        if not file.is_relative_to(DIST) or not file.is_file():
            file, status = DIST / "404.html", HTTPStatus.NOT_FOUND
        kind = "text/javascript" if file.suffix == ".js" else guess_type(file.name)[0]
        headers = {"Content-Type": kind or "application/octet-stream"}
        content = file.read_bytes() + self.server.api.appended.get(path, b"")
        span = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if span and status is HTTPStatus.OK:  # maps read their basemap piece by piece
            first, last = int(span[1]), min(int(span[2]), len(content) - 1)
            headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
            status, content = HTTPStatus.PARTIAL_CONTENT, content[first : last + 1]
        self.send(status, content, headers)

    def send(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Security-Policy", CSP)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        """Quiet: the tests say what happened."""


def serve(api: FakeApi, port: int = 0) -> Server:
    """Start in a thread; ``shutdown()`` ends it."""
    server = Server(port, api)
    # By default a server looks twice a second whether it is to end: every test would wait for it.
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server
