"""
A thin signed client for DynamoDB: what the bulk paths send with.

botocore spends 150-400 µs of CPU on an item (docs/scale.md), which would be most of what an
upload costs; this spends a tenth. It does what botocore does where that matters: Signature
Version 4, pooled connections, the same endpoint settings, and repeats of what may be
repeated (throttling, unprocessed items, faults of the service, lost connections) with a
capped exponential back-off and full jitter. A transaction carries a client token, so that
repeating one whose answer was lost does not write twice.
"""

import hashlib
import hmac
import os
import random
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

import orjson

from chalicelib.store.lines import LineLost, Lines

ATTEMPTS = 10
FIRST_DELAY_S = 0.05
LONGEST_DELAY_S = 5.0
TRANSACTION_LIMIT = 100
BATCH_GET_LIMIT = 100

_REPEATABLE = {
    "InternalServerError",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ServiceUnavailable",
    "ThrottlingException",
    "TransactionInProgressException",
}
_REPEATABLE_REASONS = {"ProvisionedThroughputExceeded", "ThrottlingError", "TransactionConflict"}

Item = dict[str, Any]


class Credentials(NamedTuple):
    access_key: str
    secret_key: str
    token: str | None = None


class CredentialsSource(Protocol):
    """Anything that knows the credentials of now, such as botocore's own."""

    def __call__(self) -> Credentials: ...


class WireError(Exception):
    """DynamoDB refused a request, or could not be reached. Attributes: ``code``, ``status``."""

    def __init__(self, code: str, status: int, message: str = "") -> None:
        super().__init__(f"{code} ({status})")
        self.code = code
        self.status = status
        self.service_message = message  # may quote values: never logged


class TransactionCancelled(WireError):
    """
    Nothing of a transaction was written.

    Attributes:
        reasons: One ``(code, old item or None)`` for each operation, in order; ``None`` as the
            code for those that were fine.
    """

    def __init__(self, reasons: list[tuple[str | None, Item | None]]) -> None:
        super().__init__("TransactionCanceledException", 400)
        self.reasons = reasons


class Wire:
    """
    One pool of connections to one endpoint. Safe to share between threads.

    Args:
        endpoint: Such as ``https://dynamodb.us-east-1.amazonaws.com``.
        pool: How many connections are kept open: as many as there are threads using it.
        sleep, chance: What waits and what spreads the waits; for tests.
    """

    def __init__(
        self,
        *,
        endpoint: str,
        region: str,
        credentials: CredentialsSource,
        pool: int = 8,
        attempts: int = ATTEMPTS,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._lines = Lines(endpoint, most=pool)
        self._region = region
        self._credentials = credentials
        self._attempts = attempts
        self._sleep = sleep
        self._chance = chance
        self._key: tuple[tuple[str, str], bytes] = (("", ""), b"")
        self._lock = threading.Lock()
        self.requests = 0  # sent so far, repeats included

    # One request

    def call(self, operation: str, body: dict[str, Any]) -> dict[str, Any]:
        """
        Send one request and give its answer, repeating it while that may help.

        Raises:
            TransactionCancelled: For transactions, with the reasons.
            WireError: Everything else DynamoDB refuses, or that kept failing.
        """
        data = orjson.dumps(body)
        for attempt in range(self._attempts):
            last = attempt == self._attempts - 1
            try:
                status, answer = self._send(operation, data)
            except LineLost as error:
                if last:
                    raise WireError("ConnectionError", 0) from error
                self._wait(attempt)
                continue
            if status == 200:
                return orjson.loads(answer)  # type: ignore[no-any-return]
            refusal = _refusal(status, answer)
            if last or not _worth_repeating(refusal):
                raise refusal
            self._wait(attempt)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _send(self, operation: str, data: bytes) -> tuple[int, bytes]:
        headers = self._signed(f"DynamoDB_20120810.{operation}", data)
        self.requests += 1
        return self._lines.post(headers, data)

    def _wait(self, attempt: int) -> None:
        longest = min(LONGEST_DELAY_S, FIRST_DELAY_S * 2**attempt)
        self._sleep(self._chance() * longest)

    # What the stores ask

    def query(self, body: dict[str, Any], *, pages: int | None = None) -> Iterator[Item]:
        """Give the items of a query, page after page as they are consumed."""
        body = dict(body)
        while pages is None or pages > 0:
            answer = self.call("Query", body)
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            body["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
            pages = None if pages is None else pages - 1

    def get_many(
        self, table: str, keys: Iterable[tuple[str, str]], *, consistent: bool = True
    ) -> list[Item]:
        """Read the items of (pk, sk) pairs that exist, in no particular order."""
        wanted = list(dict.fromkeys(keys))
        found: list[Item] = []
        for start in range(0, len(wanted), BATCH_GET_LIMIT):
            pending: list[Item] = [
                {"pk": {"S": pk}, "sk": {"S": sk}}
                for pk, sk in wanted[start : start + BATCH_GET_LIMIT]
            ]
            attempt = 0
            while pending:
                request = {table: {"Keys": pending, "ConsistentRead": consistent}}
                answer = self.call("BatchGetItem", {"RequestItems": request})
                got = answer["Responses"].get(table, [])
                found += got
                pending = answer.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
                if pending and not got:  # a full page (16 MB) also leaves keys, without haste
                    attempt = self._again(attempt)
        return found

    def put_many(self, table: str, items: Sequence[Item]) -> None:
        """Put items 25 at a time, without conditions, until all are written."""
        for start in range(0, len(items), 25):
            pending = [{"PutRequest": {"Item": item}} for item in items[start : start + 25]]
            attempt = 0
            while pending:
                answer = self.call("BatchWriteItem", {"RequestItems": {table: pending}})
                pending = answer.get("UnprocessedItems", {}).get(table, [])
                if pending:
                    attempt = self._again(attempt)

    def transact(self, operations: Sequence[Item | orjson.Fragment]) -> None:
        """
        Write all *operations* (up to 100, some in ready JSON) or none.

        Raises:
            TransactionCancelled: A condition failed; conflicts and throttling are repeated here.
        """
        self.call(
            "TransactWriteItems",
            {"TransactItems": operations, "ClientRequestToken": str(uuid.uuid4())},
        )

    def _again(self, attempt: int) -> int:
        if attempt >= self._attempts - 1:
            raise WireError("ProvisionedThroughputExceededException", 400)
        self._wait(attempt)
        return attempt + 1

    # Signature Version 4

    def _signed(self, target: str, data: bytes) -> str:
        lines = self._lines
        access_key, secret, token = self._credentials()
        now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        scope = f"{now[:8]}/{self._region}/dynamodb/aws4_request"
        token_line = f"x-amz-security-token:{token}\n" if token else ""
        names = "content-type;host;x-amz-date;" + (
            "x-amz-security-token;x-amz-target" if token else "x-amz-target"
        )
        request = (
            f"POST\n{lines.path}\n\ncontent-type:application/x-amz-json-1.0\nhost:{lines.host}\n"
            f"x-amz-date:{now}\n{token_line}x-amz-target:{target}\n\n{names}\n"
            f"{hashlib.sha256(data).hexdigest()}"
        )
        text = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
        key = self._signing_key(secret, now[:8])
        signature = hmac.digest(key, text.encode(), "sha256").hex()
        return (
            f"Content-Type: application/x-amz-json-1.0\r\nHost: {lines.host}\r\n"
            f"X-Amz-Date: {now}\r\nX-Amz-Target: {target}\r\n"
            f"Authorization: AWS4-HMAC-SHA256 Credential={access_key}/{scope}, "
            f"SignedHeaders={names}, Signature={signature}\r\n"
        ) + (f"X-Amz-Security-Token: {token}\r\n" if token else "")

    def _signing_key(self, secret: str, day: str) -> bytes:
        known, key = self._key
        if known == (secret, day):
            return key
        key = f"AWS4{secret}".encode()
        for part in (day, self._region, "dynamodb", "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        with self._lock:
            self._key = ((secret, day), key)
        return key


def from_environment(*, pool: int = 8) -> Wire:
    """
    Make a client as boto3 would be made here: region, endpoint and credentials of the environment.

    The keys that Lambda puts into the environment are used as they are; anything else
    (profiles, roles, single sign-on) is left to botocore, which renews it.
    """
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    endpoint = (
        os.environ.get("AWS_ENDPOINT_URL_DYNAMODB")
        or os.environ.get("AWS_ENDPOINT_URL")
        or f"https://dynamodb.{region}.amazonaws.com"
    )
    return Wire(endpoint=endpoint, region=region, credentials=_credentials_source(), pool=pool)


def _credentials_source() -> CredentialsSource:
    access_key = os.environ.get("AWS_ACCESS_KEY_ID")
    secret = os.environ.get("AWS_SECRET_ACCESS_KEY")
    if access_key and secret:
        fixed = Credentials(access_key, secret, os.environ.get("AWS_SESSION_TOKEN") or None)
        return lambda: fixed

    import botocore.session

    renewing = botocore.session.get_session().get_credentials()
    if renewing is None:
        raise WireError("NoCredentials", 0)

    def current() -> Credentials:
        frozen = renewing.get_frozen_credentials()
        return Credentials(frozen.access_key or "", frozen.secret_key or "", frozen.token)

    return current


def _refusal(status: int, answer: bytes) -> WireError:
    try:
        body = orjson.loads(answer)
    except orjson.JSONDecodeError:
        body = {}
    code = str(body.get("__type", "")).rpartition("#")[2] or f"Http{status}"
    if code == "TransactionCanceledException":
        reasons = body.get("CancellationReasons") or body.get("cancellationReasons") or []
        return TransactionCancelled(
            [
                (None if one.get("Code") in (None, "None") else one["Code"], one.get("Item"))
                for one in reasons
            ]
        )
    return WireError(code, status, str(body.get("message") or body.get("Message") or ""))


def _worth_repeating(error: WireError) -> bool:
    if isinstance(error, TransactionCancelled):
        codes = {code for code, _ in error.reasons if code}
        return bool(codes) and codes <= _REPEATABLE_REASONS
    return error.code in _REPEATABLE or error.status >= 500
