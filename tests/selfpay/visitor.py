"""A browser without pictures or scripts, for debtors' pages: this process's or the stack's."""

import re
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

FACT = "1AB3"  # the end of the tax id that the tests' debtor has


class Serving(Protocol):
    @property
    def server_address(self) -> Any:
        """(host, port, ...)"""
        ...


@dataclass
class Page:
    status: int
    text: str
    headers: dict[str, str]
    path: str

    @property
    def hidden(self) -> dict[str, str]:
        """What every form of the page carries."""
        found = re.findall(r'name="(_form|_once)" value="([^"]+)"', self.text)
        return dict(reversed(found))  # the first form's


class Visitor:
    """A browser without pictures or scripts: keeps cookies, follows redirects."""

    def __init__(self, served: Serving) -> None:
        self._served = served
        self.cookies: dict[str, str] = {}

    def get(self, path: str, **headers: str) -> Page:
        return self._go("GET", path, None, headers)

    def post(self, path: str, form: dict[str, str], **headers: str) -> Page:
        return self._go("POST", path, form, headers)

    def send(self, page: Page, path: str = "", **form: str) -> Page:
        """Send a form of a page that was looked at."""
        return self.post(path or page.path, page.hidden | form)

    def enter(self, link: str, fact: str = FACT) -> Page:
        """Open a link and give the second fact."""
        return self.send(self.get(link), fact=fact, do="answer")

    def _go(
        self, method: str, path: str, form: dict[str, str] | None, headers: dict[str, str]
    ) -> Page:
        for _ in range(6):
            status, text, got = self._once(method, path, form, headers)
            if status not in (301, 302, 303):
                return Page(status, text, got, urlsplit(path).path)
            method, form, path = "GET", None, got["location"]
        raise AssertionError("redirected for ever")

    def _once(
        self, method: str, path: str, form: dict[str, str] | None, headers: dict[str, str]
    ) -> tuple[int, str, dict[str, str]]:
        connection = HTTPConnection(*self._served.server_address[:2], timeout=60)
        sent = {"Accept-Language": "es-MX", **{k.replace("_", "-"): v for k, v in headers.items()}}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if form is not None:
            body = urlencode(form).encode()
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        text = answer.read().decode()
        for value in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = value.partition("=")
            if "Max-Age=0" in rest:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = rest.partition(";")[0]
        connection.close()
        return answer.status, text, {name.lower(): one for name, one in answer.headers.items()}
