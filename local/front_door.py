"""
The laptop's CloudFront: the site, the API and S3 under one origin, ``http://localhost:8000``.

===============  ======================================================
``/``            the built site, with clean URLs and the cloud's headers
``/media/*``     logos, which people put into the site's bucket
``/api/*``       the stack's API Gateway stage
``/pagar/*``     the debtor's pages, from the same stage
``/_s3/*``       presigned uploads and downloads, streamed both ways
``/simulador/``  what debtors got on every channel, and their answers (``local.providers``)
``/_local/``     the mail to our own people (none leaves the laptop)
===============  ======================================================

Run by ``local.stack`` as ``python -m local.front_door STATE_FILE``; the file names
the ports and the API, and is read again when it changes.
"""

import functools
import gzip
import http.client
import json
import sys
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from botocore.exceptions import ClientError

from infra.aws import Cloud
from infra.edge import plain_headers
from infra.site import KEPT, cache_control, content_type
from local import mail

BLOCK = 256 * 1024
LANGUAGES = ("en", "pt")  # that have a folder; Spanish is at the root
OWN = ("Content-Security-Policy", "Referrer-Policy")
HOP = {
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "host",
}
COMPRESSIBLE = ("text/", "application/json", "application/manifest+json", "image/svg+xml")


@dataclass(frozen=True, slots=True)
class Config:
    port: int
    site: Path
    cloud: str  # the emulator as host:port
    api_id: str
    site_bucket: str
    providers: str = ""  # of messages, as host:port


class FrontDoor(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, state_file: Path) -> None:
        self._file = state_file
        self._read_at = 0
        self._config = self._load()
        super().__init__(("127.0.0.1", self._config.port), Visitor)

    @property
    def config(self) -> Config:
        """What the last deployment wrote."""
        if self._file.stat().st_mtime_ns != self._read_at:
            self._config = self._load()
        return self._config

    def _load(self) -> Config:
        self._read_at = self._file.stat().st_mtime_ns
        raw = json.loads(self._file.read_text())
        return Config(
            raw["port"],
            Path(raw["site"]),
            raw["cloud"],
            raw["api_id"],
            raw["site_bucket"],
            raw.get("providers", ""),
        )


class Visitor(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FrontDoor
    # Two small writes (head, body) would wait for each other's acknowledgement.
    disable_nagle_algorithm = True

    def handle_any(self) -> None:
        path = urlsplit(self.path).path
        try:
            if path.startswith("/api/"):
                config = self.server.config
                self._forward(f"/_aws/execute-api/{config.api_id}/live{self.path}", api=True)
            elif path == "/pagar" or path.startswith("/pagar/"):
                self._forward_debtor()
            elif path.startswith("/_s3/"):
                self._forward_s3()
            elif path.startswith(f"/{KEPT}"):
                self._media(unquote(path).lstrip("/"))
            elif path == "/simulador":
                self._redirect("/simulador/")
            elif path.startswith("/simulador/") and self.server.config.providers:
                self._forward(self.path, api=False, host=self.server.config.providers)
            elif path == "/_local" or path.startswith("/_local/"):
                self._local(path)
            else:
                self._page(path)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = handle_any  # noqa: N815

    # -- the site

    def _page(self, path: str) -> None:
        if not self._only_read():
            return
        site = self.server.config.site.resolve()
        wanted = (site / unquote(path).lstrip("/")).resolve()
        if not wanted.is_relative_to(site):
            self._not_found(site, path)
            return
        if path.endswith("/"):
            wanted /= "index.html"
        elif wanted.is_dir():
            self._redirect(path + "/")
            return
        if not wanted.is_file():
            self._not_found(site, path)
            return
        self._file(wanted, wanted.relative_to(site).as_posix())

    def _only_read(self) -> bool:
        if self.command in ("GET", "HEAD"):
            return True
        self._plain(HTTPStatus.METHOD_NOT_ALLOWED, "Only GET and HEAD here.")
        return False

    def _media(self, key: str) -> None:
        """What people put into the site's bucket; the site itself is served from its folder."""
        if not self._only_read():
            return
        config = self.server.config
        try:
            image = _bucket(config.cloud).get_object(Bucket=config.site_bucket, Key=key)
        except ClientError:
            self._not_found(config.site, "/")
            return
        headers = {name: image[name.replace("-", "")] for name in ("Cache-Control", "ETag")}
        self._answer(HTTPStatus.OK, image["Body"].read(), image["ContentType"], headers)

    def _not_found(self, site: Path, path: str) -> None:
        """Say so in the language of the page that is not there."""
        language = path.split("/")[1]
        page = site / (language if language in LANGUAGES else "") / "404.html"
        if page.is_file():
            self._answer(HTTPStatus.NOT_FOUND, page.read_bytes(), "text/html; charset=utf-8")
        else:
            self._plain(HTTPStatus.NOT_FOUND, "Not found.")

    def _file(self, path: Path, name: str) -> None:
        stat = path.stat()
        etag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
        kind = content_type(name)
        headers = {"ETag": etag, "Cache-Control": cache_control(name), "Accept-Ranges": "bytes"}
        if self.headers.get("If-None-Match") == etag:
            self._head(HTTPStatus.NOT_MODIFIED, kind, 0, headers)
            return
        asked = self.headers.get("Range")
        if asked:
            self._range(path, stat.st_size, asked, kind, headers)
            return
        if kind.startswith(COMPRESSIBLE):
            headers["Vary"] = "Accept-Encoding"
            if "gzip" in self.headers.get("Accept-Encoding", ""):
                body = _gzipped(path, stat.st_mtime_ns)
                self._answer(HTTPStatus.OK, body, kind, headers | {"Content-Encoding": "gzip"})
                return
        self._answer(HTTPStatus.OK, path.read_bytes(), kind, headers)

    def _range(self, path: Path, size: int, asked: str, kind: str, headers: dict[str, str]) -> None:
        """One range; several in one request are answered with the whole file, as HTTP allows."""
        unit, _, span = asked.partition("=")
        first, _, last = span.partition("-")
        if unit != "bytes" or "," in span or not (first or last).isdigit():
            self._answer(HTTPStatus.OK, path.read_bytes(), kind, headers)
            return
        start = int(first) if first else max(0, size - int(last))
        end = min(int(last), size - 1) if first and last else size - 1
        if start > end:
            headers["Content-Range"] = f"bytes */{size}"
            self._answer(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, b"", kind, headers)
            return
        with path.open("rb") as file:
            file.seek(start)
            body = file.read(end - start + 1)
        headers["Content-Range"] = f"bytes {start}-{end}/{size}"
        self._answer(HTTPStatus.PARTIAL_CONTENT, body, kind, headers)

    # -- what the emulator answers

    def _forward_debtor(self) -> None:
        """The debtor's pages bring their own headers, which are stricter than the site's."""
        address = urlsplit(self.path)
        query = f"?{address.query}" if address.query else ""
        api_id = self.server.config.api_id
        target = f"/_aws/execute-api/{api_id}/live{address.path.rstrip('/')}{query}"
        self._forward(target, api=False)

    def _forward_s3(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        # Only what somebody with the right to do so has signed; a form carries its
        # signature inside, and S3 checks it.
        if self.command != "POST" and not {"X-Amz-Signature", "Signature"} & query.keys():
            self._plain(HTTPStatus.FORBIDDEN, "Only presigned requests.")
            return
        self._forward(self.path.removeprefix("/_s3"), api=False)

    def _forward(self, target: str, *, api: bool, host: str = "") -> None:
        length = int(self.headers.get("Content-Length") or 0)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in HOP}
        headers["X-Forwarded-For"] = self.client_address[0]
        headers["X-Forwarded-Proto"] = "http"
        upstream = http.client.HTTPConnection(host or self.server.config.cloud, timeout=120)
        try:
            upstream.putrequest(self.command, target, skip_accept_encoding=True)
            for name, value in headers.items():
                upstream.putheader(name, value)
            upstream.endheaders()
            self._copy(self.rfile, upstream, length)
            answer = upstream.getresponse()
        except (OSError, http.client.HTTPException):
            self.close_connection = True
            self._plain(HTTPStatus.BAD_GATEWAY, "The local stack does not answer: make logs.")
            upstream.close()
            return
        try:
            self._relay(answer, api=api)
        finally:
            upstream.close()

    @staticmethod
    def _copy(source: Any, upstream: http.client.HTTPConnection, length: int) -> None:
        while length > 0:
            block = source.read(min(BLOCK, length))
            if not block:
                raise ConnectionResetError
            upstream.send(block)
            length -= len(block)

    def _relay(self, answer: http.client.HTTPResponse, *, api: bool) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP and not name.lower().startswith("access-control-"):
                self.send_header(name, value)
        if api:
            for name, value in plain_headers().items():
                # A page that the API makes brings its own, which is stricter.
                if name not in OWN or answer.getheader(name) is None:
                    self.send_header(name, value)
            if not answer.getheader("Cache-Control"):
                self.send_header("Cache-Control", "no-store")
        bodiless = self.command == "HEAD" or answer.status in (204, 304)
        if answer.getheader("Content-Length") is None and not bodiless:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        while not bodiless and (block := answer.read(BLOCK)):
            self.wfile.write(block)

    # -- messages

    def _local(self, path: str) -> None:
        page = mail.page(path, self.server.config.cloud)
        if page is None:
            self._plain(HTTPStatus.NOT_FOUND, "Not found.")
        else:
            kind, body = page
            self._answer(HTTPStatus.OK, body, kind, {"Cache-Control": "no-store"})

    # -- answering

    def _redirect(self, path: str) -> None:
        self._answer(HTTPStatus.MOVED_PERMANENTLY, b"", "text/plain", {"Location": path})

    def _plain(self, status: HTTPStatus, text: str) -> None:
        self._answer(status, text.encode(), "text/plain; charset=utf-8")

    def _answer(
        self, status: HTTPStatus, body: bytes, kind: str, headers: dict[str, str] | None = None
    ) -> None:
        self._head(status, kind, len(body), headers or {})
        if self.command != "HEAD":
            self.wfile.write(body)

    def _head(self, status: HTTPStatus, kind: str, length: int, headers: dict[str, str]) -> None:
        self.send_response_only(status)
        all_headers = plain_headers() | {"Cache-Control": "no-cache"} | headers
        if status is not HTTPStatus.NOT_MODIFIED:
            all_headers |= {"Content-Type": kind, "Content-Length": str(length)}
        for name, value in all_headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: paths hold ids, queries hold what people searched for."""


@functools.cache
def _bucket(cloud: str) -> Any:
    return Cloud(endpoint=f"http://{cloud}").client("s3")


@functools.lru_cache(maxsize=512)
def _gzipped(path: Path, _changed_ns: int) -> bytes:
    return gzip.compress(path.read_bytes(), 6, mtime=0)


if __name__ == "__main__":
    FrontDoor(Path(sys.argv[1])).serve_forever()
