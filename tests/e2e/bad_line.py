"""
A network between a browser and the stack that breaks in the middle of what is sent.

It is the browser's own HTTP proxy, so that page and service worker alike go through it.
"""

import http.client
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import urlsplit

STORAGE = "/_s3"
BLOCK = 4096
KEY = re.compile(rb'name="key"\r\n\r\n(.*?)\r\n')
PATIENCE_S = 120


@dataclass
class Line:
    """
    The network of one browser.

    Attributes:
        url: Where the browser finds it.
        left: Bytes that it still carries to the storage before it breaks; None: it is whole.
        carried: What reached the storage whole: the key of the object, in order.
        broke: How often it broke in the middle of something.
    """

    url: str = ""
    left: int | None = None
    carried: list[str] = field(default_factory=list)
    broke: int = 0

    def take(self, wanted: int) -> int:
        """How much of *wanted* bytes gets through."""
        if self.left is None:
            return wanted
        through = min(wanted, self.left)
        self.left -= through
        return through


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, line: Line) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self.line = line

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that leaves is no news."""


class _Passing(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _pass(self) -> None:
        line = cast(_Server, self.server).line
        to = urlsplit(self.path)
        target = to.path + (f"?{to.query}" if to.query else "")
        length = int(self.headers.get("Content-Length") or 0)
        upstream = http.client.HTTPConnection(to.hostname or "", to.port, timeout=PATIENCE_S)
        try:
            upstream.putrequest(self.command, target, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in ("proxy-connection", "connection"):
                    upstream.putheader(name, value)
            upstream.putheader("Connection", "close")
            upstream.endheaders()
            stored = self.command == "POST" and target.startswith(STORAGE)
            key = self._send(upstream, length, line if stored else None)
            self._relay(upstream.getresponse())
            if key:
                line.carried.append(key)
        except (OSError, http.client.HTTPException):
            self._drop()
        finally:
            upstream.close()

    def _send(self, upstream: http.client.HTTPConnection, length: int, line: Line | None) -> str:
        """
        Carry a body; gives the key that its form names.

        Raises:
            ConnectionResetError: The line broke in the middle of it.
        """
        head = b""
        while length > 0:
            block = self.rfile.read(min(BLOCK, length))
            if not block:
                raise ConnectionResetError
            through = line.take(len(block)) if line else len(block)
            upstream.send(block[:through])
            if line is not None and through < len(block):
                line.broke += 1
                raise ConnectionResetError
            head += block if len(head) < BLOCK else b""
            length -= len(block)
        found = KEY.search(head) if line is not None else None
        return found.group(1).decode() if found else ""

    def _relay(self, answer: http.client.HTTPResponse) -> None:
        body = answer.read()
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                self.send_header(name, value)
        if answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _drop(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def __getattr__(self, name: str) -> Any:
        """Whatever the browser asks for is passed on alike."""
        if name.startswith("do_"):
            return self._pass
        raise AttributeError(name)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def bad_line() -> Iterator[Line]:
    """Lay a line; it is whole until told otherwise."""
    line = Line()
    server = _Server(line)
    line.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield line
    finally:
        server.shutdown()
        server.server_close()
