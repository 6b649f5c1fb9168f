"""
The real app on moto, behind a loopback HTTP server: what a browser needs to walk the pages.

What CloudFront and the front door do between is done here: ``/pagar/*`` and ``/api/*`` go to the
app, a slash at the end is taken off.
"""

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from chalice.local import LambdaContext

import app as application


class Served(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Visitor)
        self.one_at_a_time = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Visitor(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Served

    def answer(self) -> None:
        address = urlsplit(self.path)
        size = int(self.headers.get("Content-Length") or 0)
        event = event_of(
            self.command,
            address.path.rstrip("/") or "/",
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(size),
            address.query,
        )
        if event is None:
            self.send_error(404)
            return
        # The app's request is a thread's own, but the tests' clock and patches are not.
        with self.server.one_at_a_time:
            got = application.app(event, LambdaContext("api_handler", 1024, 60_000))
        body = got["body"] or ""
        raw = base64.b64decode(body) if got.get("isBase64Encoded") else str(body).encode()
        self.send_response(got["statusCode"])
        for name, value in got.get("headers", {}).items():
            self.send_header(name, value)
        for name, values in got.get("multiValueHeaders", {}).items():
            for value in values:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(raw)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = answer  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def event_of(
    method: str, path: str, headers: dict[str, str], body: bytes, query: str = ""
) -> dict[str, Any] | None:
    """Make the event of API Gateway's REST proxy; None where it has no such resource."""
    found = resource_of(path)
    if found is None:
        return None
    resource, parameters = found
    values = parse_qs(query, keep_blank_values=True) or None
    return {
        "resource": resource,
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": {k: v[-1] for k, v in values.items()} if values else None,
        "multiValueQueryStringParameters": values,
        "pathParameters": parameters or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": resource,
            "httpMethod": method,
            "path": f"/live{path}",
            "stage": "live",
            "requestId": "test",
            "identity": {"sourceIp": "127.0.0.1"},
            "authorizer": {},
        },
        "body": base64.b64encode(body).decode() if body else None,
        "isBase64Encoded": bool(body),
    }


def resource_of(path: str) -> tuple[str, dict[str, str]] | None:
    """Find the resource of a path as API Gateway does: what is named goes before what varies."""
    parts = path.split("/")
    fitting = [
        template
        for template in application.app.routes
        if len(wanted := template.split("/")) == len(parts)
        and all((w.startswith("{") and p) or w == p for w, p in zip(wanted, parts, strict=True))
    ]
    if not fitting:
        return None
    best = min(fitting, key=lambda one: [part.startswith("{") for part in one.split("/")])
    parameters = {
        w[1:-1]: p for w, p in zip(best.split("/"), parts, strict=True) if w.startswith("{")
    }
    return best, parameters


@contextmanager
def serving() -> Iterator[Served]:
    """Serve the app from this process; the environment is whatever it is when asked."""
    server = Served()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
