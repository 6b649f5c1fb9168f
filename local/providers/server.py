"""
The laptop's providers: AWS' calls and payments on one side, ``/simulador/`` on the other.

Run by ``local.stack`` as ``python -m local.providers.server CONFIG``; the front door passes
``/simulador/`` on to it, so that it shares the site's origin.
"""

import base64
import binascii
import json
import sys
import threading
import uuid
from datetime import datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from infra.aws import Cloud
from local.providers import sending, telling
from local.providers.mailbox import Mailbox
from local.providers.network import Network
from local.providers.paying import Asked, Paying, Reply, sandbox
from local.providers.scanner import Scanner

PAGES = Path(__file__).parent / "pages"
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
LARGEST = 12 << 20
# The page shows e-mails in frames of their own, which may style themselves and do nothing else.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data: https:; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


class Providers(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self, port: int, mailbox: Mailbox, network: Network, paying: Paying | None = None
    ) -> None:
        self.mailbox, self.network, self.paying = mailbox, network, paying
        super().__init__(("127.0.0.1", port), Caller)


class Caller(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Providers
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if self._paid(b""):
            return
        name = url.path.removeprefix("/simulador").strip("/") or "index.html"
        if name == "messages.json":
            change = int(parse_qs(url.query).get("since", ["0"])[0])
            messages, now = self.server.mailbox.since(change)
            letters = self.server.network.letters() if change == 0 else []
            self._json({"messages": messages, "change": now, "letters": letters})
        elif name.startswith("mail/"):
            message = self.server.mailbox.get(name.removeprefix("mail/"))
            body = (message or {}).get("html") or "<p>-</p>"
            self._answer(HTTPStatus.OK, body.encode(), "text/html", MAIL_POLICY)
        elif (page := PAGES / name).suffix in TYPES and page.parent == PAGES and page.is_file():
            self._answer(HTTPStatus.OK, page.read_bytes(), TYPES[page.suffix], POLICY)
        else:
            self._json({"message": "not found"}, HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST:
            self.close_connection = True
            self._json({"message": "too large"}, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        raw = self.rfile.read(length)
        if self._paid(raw):
            return
        try:
            body = json.loads(raw or b"{}")
            path = urlsplit(self.path).path
            if path.startswith("/simulador/"):
                self._json(self._simulated(path.removeprefix("/simulador/"), body))
            else:
                self._json(self._called(path, body))
        except sending.Refused as refused:
            answer = {"__type": refused.name, "Message": refused.name, "Reason": refused.reason}
            self._json(answer, HTTPStatus(refused.status), {"x-amzn-ErrorType": refused.name})
        except (LookupError, ValueError, TypeError, binascii.Error) as error:
            self._json({"message": f"not understood: {type(error).__name__}"}, HTTPStatus(400))

    # The sandbox of payments

    def _paid(self, body: bytes) -> bool:
        """Answer what is the sandbox's; says whether it was."""
        if self.server.paying is None:
            return False
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        asked = Asked(
            method=self.command, path=url.path, query=query, headers=self.headers, body=body
        )
        try:
            reply = self.server.paying.answer(asked)
        except (LookupError, ValueError, TypeError) as error:
            said = json.dumps({"error": f"not understood: {type(error).__name__}"}).encode()
            reply = Reply(status=400, body=said, kind="application/json")
        if reply is None:
            return False
        policy = reply.headers.get("Content-Security-Policy", POLICY)
        self._answer(HTTPStatus(reply.status), reply.body, reply.kind, policy, reply.headers)
        return True

    # AWS' side

    def _called(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        network = self.server.network
        if path == "/v1/whatsapp/media/get":
            return network.fetch(body["mediaId"], body["destinationS3File"])
        message, answer = sending.call(path, self.headers.get("X-Amz-Target", ""), body)
        if message is not None:
            at = network.now()
            who, last = message["who"], None
            if message["channel"] == "whatsapp" and not message.get("template"):
                last = self.server.mailbox.last_from("whatsapp", who)
                opened = last is not None and at - datetime.fromisoformat(last["at"]) < timedelta(
                    hours=24
                )
                message["outside_window"] = not opened
            message |= {"at": at.isoformat(), "state": "accepted"}
            network.deliver(self.server.mailbox.put(message))
        return answer

    # The debtor's side

    def _simulated(self, what: str, body: dict[str, Any]) -> dict[str, Any]:
        mailbox, network = self.server.mailbox, self.server.network
        if what == "events":
            message = mailbox.get(body["id"])
            if message is None or not network.tell(message, str(body["kind"])):
                raise LookupError(body["id"])
            return {"ok": True}
        if what == "answers":
            answer = self._answer_of(body)
            network.write(answer)
            return {"message": mailbox.put(answer)}
        raise LookupError(what)

    def _answer_of(self, body: dict[str, Any]) -> dict[str, Any]:
        channel, who = str(body["channel"]), str(body["who"])
        if channel not in ("whatsapp", "sms") or not who.startswith("+"):
            raise ValueError("only phones answer")
        network = self.server.network
        prefix = "wamid." if channel == "whatsapp" else ""
        answer: dict[str, Any] = {
            "id": f"{prefix}{uuid.uuid4()}",
            "channel": channel,
            "direction": "in",
            "who": who,
            "ours": str(body.get("ours") or f"+{telling.WHATSAPP_NUMBER}"),
            "at": network.now().isoformat(),
            "text": str(body.get("text") or "")[:4096],
            "choice": str(body.get("choice") or ""),
            "quoted": str(body.get("quoted") or ""),
            "name": str(body.get("name") or ""),
            "from_list": bool(body.get("list")),
            "from_template": bool(body.get("template")),
        }
        if body.get("photo") and channel == "whatsapp":
            kind, _, data = str(body["photo"]).partition(";base64,")
            media_type = kind.removeprefix("data:")
            media_id = network.hold(base64.b64decode(data, validate=True), media_type)
            answer["media"] = {"id": media_id, "type": media_type}
            answer["photo"] = str(body["photo"]) if len(str(body["photo"])) < 200_000 else ""
        return answer

    # Answering

    def _json(
        self,
        body: dict[str, Any],
        status: HTTPStatus = HTTPStatus.OK,
        headers: dict[str, str] | None = None,
    ) -> None:
        raw = json.dumps(body, ensure_ascii=False).encode()
        self._answer(status, raw, "application/json", POLICY, headers or {})

    def _answer(
        self,
        status: HTTPStatus,
        body: bytes,
        kind: str,
        policy: str,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.send_response_only(status)
        charset = "" if kind == "application/json" else "; charset=utf-8"
        for name, value in {
            "Content-Type": f"{kind}{charset}",
            "Content-Length": str(len(body)),
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: what was sent is on the page."""


def main(config: Path) -> None:
    told = json.loads(config.read_text())
    mailbox = Mailbox(Path(told["mailbox"]))
    cloud = Cloud(endpoint=told["cloud"], dynamodb=told["dynamodb"])
    network = Network(cloud, mailbox, config)
    paying, _ = sandbox(
        Path(told["payments"]), site=lambda: json.loads(config.read_text())["site"], now=network.now
    )
    server = Providers(told["port"], mailbox, network, paying)
    threading.Thread(target=network.work, daemon=True).start()
    threading.Thread(target=Scanner(cloud, config).work, daemon=True).start()
    server.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
