"""Messages to SQS, ten at a time."""

import itertools
import json
from collections.abc import Iterable
from typing import Any

MESSAGES_PER_CALL = 10
TRIES = 5


class MessagesNotTaken(RuntimeError):
    """SQS kept refusing some messages of a batch; the caller's own message comes again."""


class SqsQueue:
    def __init__(self, client: Any, url: str) -> None:
        self._client, self._url = client, url

    def send(self, messages: Iterable[dict[str, Any]]) -> None:
        """Send JSON-safe messages; at least once each, in no order."""
        waiting = iter(messages)
        while batch := list(itertools.islice(waiting, MESSAGES_PER_CALL)):
            self._send_batch([json.dumps(message) for message in batch])

    def _send_batch(self, bodies: list[str]) -> None:
        entries = [{"Id": str(n), "MessageBody": body} for n, body in enumerate(bodies)]
        for _ in range(TRIES):
            answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
            refused = {failure["Id"] for failure in answer.get("Failed", [])}
            entries = [entry for entry in entries if entry["Id"] in refused]
            if not entries:
                return
        raise MessagesNotTaken(f"{len(entries)} of {len(bodies)}")
