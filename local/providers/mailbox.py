"""What was sent and answered on the laptop: in memory, and in a file so that a restart shows it."""

import json
import threading
from pathlib import Path
from typing import Any

Message = dict[str, Any]
KEPT = 5_000


class Mailbox:
    """
    Messages of all channels; each change gets a number, by which a page asks for news.

    A message holds ``id``, ``channel``, ``direction`` (``out`` is ours), ``who`` (the debtor's
    phone, e-mail or name), ``ours``, ``at`` (ISO), ``text`` and what its channel adds.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._messages: dict[str, Message] = {}
        self._change = 0
        if file.is_file():
            for line in file.read_text(encoding="utf-8").splitlines()[-KEPT:]:
                self._keep(json.loads(line))

    def put(self, message: Message) -> Message:
        """Keep a message, or what is new of it."""
        with self._lock:
            kept = self._keep(message)
            with self._file.open("a", encoding="utf-8") as file:
                file.write(json.dumps(kept, ensure_ascii=False) + "\n")
            return kept

    def get(self, message_id: str) -> Message | None:
        with self._lock:
            return self._messages.get(message_id)

    def since(self, change: int) -> tuple[list[Message], int]:
        """Give what was put after *change*, and the number to ask with next time."""
        with self._lock:
            news = [m for m in self._messages.values() if m["change"] > change]
            return sorted(news, key=lambda m: (m["at"], m["change"])), self._change

    def last_from(self, channel: str, who: str) -> Message | None:
        """Their newest message on a channel."""
        with self._lock:
            theirs = [
                m
                for m in self._messages.values()
                if m["direction"] == "in" and m["channel"] == channel and m["who"] == who
            ]
            return max(theirs, key=lambda m: str(m["at"]), default=None)

    def _keep(self, message: Message) -> Message:
        self._change += 1
        known = self._messages.get(message["id"], {})
        kept = known | message | {"change": self._change}
        self._messages[message["id"]] = kept
        return kept
