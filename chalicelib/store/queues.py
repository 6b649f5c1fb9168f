"""Messages to SQS, ten at a time, and the batches of them that come back."""

import itertools
import json
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

log = logging.getLogger("recobro")

MESSAGES_PER_CALL = 10
TRIES = 5
FIRST_WAIT_S = 10
LONGEST_WAIT_S = 360


class MessagesNotTaken(RuntimeError):
    """SQS kept refusing some messages of a batch; the caller's own message comes again."""


class Queue(Protocol):
    """The queue a batch came from."""

    def hand_back(self, receipt: str, *, tries: int) -> None:
        """Let a message that failed come again soon, later each time."""
        ...


def each(
    records: Iterable[dict[str, Any]],
    work: Callable[[dict[str, Any]], None],
    *,
    queue: Callable[[], Queue],
    what: str,
    ids: Callable[[dict[str, Any]], Mapping[str, Any]],
) -> dict[str, Any]:
    """
    Work through a batch; whatever fails is told by id and comes again, the rest does not.

    Args:
        records: As Lambda is given them, ``body`` and all.
        queue: Gives the queue that the batch came from.
        what: A message of it is, in the log.
        ids: What of a record may be logged: nothing of a file, no number, nothing that was said.

    Returns:
        SQS's partial batch response.
    """
    failures = []
    for record in records:
        try:
            work(record)
        except Exception:
            log.exception("%s failed", what, extra=ids(record))
            failures.append({"itemIdentifier": record["messageId"]})
            _hand_back(record, queue, what)
    return {"batchItemFailures": failures}


def _hand_back(record: dict[str, Any], queue: Callable[[], Queue], what: str) -> None:
    tries = int(record.get("attributes", {}).get("ApproximateReceiveCount", 1))
    try:
        queue().hand_back(record["receiptHandle"], tries=tries)
    except Exception:  # it comes back by itself, only later
        log.exception("%s not handed back", what)


class SqsQueue:
    def __init__(self, client: Any, url: str) -> None:
        self._client, self._url = client, url

    def send(self, messages: Iterable[dict[str, Any]]) -> None:
        """Send JSON-safe messages; at least once each, in no order."""
        waiting = iter(messages)
        while batch := list(itertools.islice(waiting, MESSAGES_PER_CALL)):
            self._send_batch([json.dumps(message) for message in batch])

    def send_later(self, message: dict[str, Any], *, wait_s: int) -> None:
        """Send a message that is not to be seen before so many seconds are over; 900 at most."""
        self._send_batch([json.dumps(message)], wait_s=wait_s)

    def hand_back(self, receipt: str, *, tries: int) -> None:
        """
        Let a message that failed come again soon, later each time.

        A queue hides what was received for longer than its function may run; a failure that
        is known need not wait that long.

        Args:
            receipt: The receipt handle of this delivery.
            tries: How often it was delivered so far.
        """
        wait = min(LONGEST_WAIT_S, FIRST_WAIT_S * 3 ** (tries - 1))
        self._client.change_message_visibility(
            QueueUrl=self._url, ReceiptHandle=receipt, VisibilityTimeout=wait
        )

    def _send_batch(self, bodies: list[str], *, wait_s: int = 0) -> None:
        later = {"DelaySeconds": wait_s} if wait_s else {}
        entries = [{"Id": str(n), "MessageBody": body, **later} for n, body in enumerate(bodies)]
        for _ in range(TRIES):
            answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
            refused = {failure["Id"] for failure in answer.get("Failed", [])}
            entries = [entry for entry in entries if entry["Id"] in refused]
            if not entries:
                return
        raise MessagesNotTaken(f"{len(entries)} of {len(bodies)}")
