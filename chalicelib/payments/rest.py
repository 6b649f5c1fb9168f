"""JSON over HTTPS to a provider, with its refusals in our words."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import urllib3

from chalicelib.payments.port import ProviderProblem

# API Gateway hangs up after 29 s; a page that waits for a provider waits this long at most.
CONNECT_S, READ_S = 3.0, 12.0
_CODES = {
    401: "credentials",
    403: "credentials",
    404: "not_found",
    410: "not_found",
    429: "throttled",
}


class Rest:
    """
    Args:
        base: The provider's address, without a slash at the end.
        headers: Sent with every call; they name the account.
    """

    def __init__(self, base: str, headers: Mapping[str, str]) -> None:
        self._base, self._headers = base.rstrip("/"), dict(headers)
        timeout = urllib3.Timeout(connect=CONNECT_S, read=READ_S)
        self._pool = urllib3.PoolManager(timeout=timeout, retries=False, maxsize=4)

    def get(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """
        Read something.

        Raises:
            ProviderProblem: It was not to be had.
        """
        return self._call("GET", f"{path}?{urlencode(query)}" if query else path)

    def post(
        self,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        form: Mapping[str, str] | None = None,
        key: str = "",
        key_header: str = "Idempotency-Key",
        method: str = "POST",
    ) -> dict[str, Any]:
        """
        Ask for something to be done, once for each *key*.

        Raises:
            ProviderProblem: It was not done, or it is not known whether it was.
        """
        headers = {key_header: key} if key else {}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            return self._call(method, path, urlencode(form).encode(), headers)
        headers["Content-Type"] = "application/json"
        return self._call(method, path, json.dumps(body or {}).encode(), headers)

    def _call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        try:
            answer = self._pool.request(
                method,
                f"{self._base}{path}",
                body=body,
                headers=self._headers | {"Accept": "application/json"} | dict(headers or {}),
                redirect=False,
            )
        except urllib3.exceptions.HTTPError:
            # Whether it was done is not known: the same key asks again without harm.
            raise ProviderProblem("unavailable", retry=True) from None
        if answer.status >= 500 or answer.status == 409:
            # 409: the same key is being worked on this moment.
            raise ProviderProblem("unavailable", retry=True)
        if not 200 <= answer.status < 300:
            code = _CODES.get(answer.status, "rejected")
            raise ProviderProblem(code, retry=code == "throttled")
        try:
            read = json.loads(answer.data or b"{}")
        except ValueError:
            raise ProviderProblem("unavailable", retry=True) from None
        if not isinstance(read, dict):
            raise ProviderProblem("unavailable", retry=True)
        return read
