"""The public API as a person's program uses it: signed in, over HTTP, nothing else."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlencode, urljoin

import urllib3

API = "/api/v1"
POLL_S = 0.4
SETTLED = {"needs_mapping", "ready", "done", "failed", "cancelled", "undone"}


class Problem(Exception):
    """
    The API refused.

    Attributes:
        status: HTTP status.
        code: The problem's stable code, or ``http``.
        details: Its facts.
    """

    def __init__(self, status: int, body: Any, what: str) -> None:
        known = body if isinstance(body, dict) else {}
        self.status = status
        self.code = known.get("code", "http")
        self.details = known.get("details", {})
        super().__init__(f"{what}: {status} {self.code} {self.details}")


class Client:
    """
    One signed-in user. Safe to share between threads.

    Args:
        base_url: Where the site answers, such as ``http://localhost:8000``.
    """

    def __init__(self, base_url: str) -> None:
        self._base = base_url.rstrip("/")
        self._pool = urllib3.PoolManager(
            num_pools=4, maxsize=16, timeout=urllib3.Timeout(connect=10, read=120)
        )
        self._token = ""

    def sign_in(self, email: str, password: str) -> dict[str, Any]:
        """
        Sign in and answer who we are.

        Raises:
            Problem: wrong e-mail or password, or the account asks for something else first.
        """
        body = self.post("/session", {"email": email, "password": password})
        if "access_token" not in body:
            raise Problem(200, {"code": f"session.{body.get('challenge')}"}, "sign in")
        self._token = body["access_token"]
        return dict(body["me"])

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        asked = {key: value for key, value in query.items() if value is not None}
        return self._call("GET", path + (f"?{urlencode(asked)}" if asked else ""))

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> dict[str, Any]:
        """Post; ``key`` is the Idempotency-Key, the same for a repeat of the same wish."""
        return self._call("POST", path, body, key)

    def put(self, path: str, body: Any) -> dict[str, Any]:
        return self._call("PUT", path, body)

    def post_signed(self, path: str, raw: bytes, signature: str) -> dict[str, Any]:
        """Post these very bytes with a device's signature of them."""
        return self._call("POST", path, raw=raw, more={"X-Recobro-Signature": signature})

    def patch(self, path: str, body: Any) -> dict[str, Any]:
        return self._call("PATCH", path, body)

    def delete(self, path: str) -> dict[str, Any]:
        return self._call("DELETE", path)

    def pages(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Yield every item of a list, page after page."""
        cursor = None
        while True:
            page = self.get(path, cursor=cursor, **query)
            yield from page["items"]
            cursor = page.get("cursor")
            if not cursor:
                return

    def download(self, url: str) -> bytes:
        """Fetch a presigned address as the browser would."""
        answer = self._pool.request("GET", urljoin(self._base + "/", url))
        if answer.status != 200:
            raise Problem(answer.status, {}, "download")
        return answer.data

    def send_file(
        self, portfolio_id: str, mode: str, name: str, content: bytes, **options: Any
    ) -> dict[str, Any]:
        """
        Begin an upload and put its bytes where the API says; answers the upload as begun.

        Args:
            options: ``close_absent``, ``apply_automatically``.
        """
        begun = self.post(
            f"/portfolios/{portfolio_id}/uploads",
            {"filename": name, "size_bytes": len(content), "mode": mode, **options},
        )
        form = begun["post"]
        answer = self._pool.request(
            "POST",
            urljoin(self._base + "/", form["url"]),
            fields=[*form["fields"].items(), ("file", (name, content))],
        )
        if answer.status >= 300:
            raise Problem(answer.status, {}, "put the file")
        return dict(begun["upload"])

    def wait_for_upload(
        self,
        upload: dict[str, Any],
        *,
        leaving: tuple[str, ...] = (),
        within_s: float = 600,
        seen: Callable[[dict[str, Any]], None] = lambda _upload: None,
    ) -> dict[str, Any]:
        """
        Wait until an upload needs somebody or is over.

        Args:
            leaving: States that do not count, being where it stands now.
            seen: Called with each look, to show progress.

        Raises:
            TimeoutError: it is still on its way after ``within_s`` seconds.
        """
        path = f"/portfolios/{upload['portfolio_id']}/uploads/{quote(upload['upload_id'])}"
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            now = self.get(path)
            seen(now)
            if now["state"] in SETTLED and now["state"] not in leaving:
                return now
            time.sleep(POLL_S)
        raise TimeoutError(f"the upload is still {now['state']}")

    def _call(
        self,
        method: str,
        path: str,
        body: Any = None,
        key: str | None = None,
        *,
        raw: bytes | None = None,
        more: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        headers = {"Accept": "application/json", **(more or {})}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        if key:
            headers["Idempotency-Key"] = key
        if body is not None:
            raw = json.dumps(body).encode()
        if raw is not None:
            headers["Content-Type"] = "application/json"
        answer = self._pool.request(
            method, self._base + API + path, body=raw, headers=headers, retries=False
        )
        try:
            decoded = json.loads(answer.data) if answer.data else {}
        except ValueError:
            decoded = {}
        if answer.status >= 400:
            raise Problem(answer.status, decoded, f"{method} {path.partition('?')[0]}")
        return dict(decoded)
