"""The network between the product and the debtor's phone: carries, tells, keeps photos."""

import json
import queue
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from infra.aws import Cloud
from local import clock
from local.providers import sending, telling
from local.providers.mailbox import Mailbox

Message = dict[str, Any]
# How long a network takes to tell what became of a message.
TELLS_AFTER_S = 0.4
CLOCK_KEPT_S = 1.0
EXTENSIONS = {"image/jpeg": ".jpeg", "image/png": ".png", "application/pdf": ".pdf"}
MOST_LETTERS = 200


class Network:
    """
    Args:
        config: What the stack wrote when it was deployed: topics, tables, buckets; read when
            they are needed, since the providers start before the first deployment.
    """

    def __init__(self, cloud: Cloud, mailbox: Mailbox, config: Path) -> None:
        self._cloud, self._mailbox, self._config = cloud, mailbox, config
        self._media: dict[str, tuple[bytes, str]] = {}
        self._work: queue.Queue[tuple[float, Message, str]] = queue.Queue()
        self._ahead, self._ahead_read = timedelta(), 0.0

    def now(self) -> datetime:
        """The laptop's time, which somebody may have moved."""
        if time.monotonic() - self._ahead_read > CLOCK_KEPT_S:
            table = self._told().get("work_table")
            if table:
                self._ahead = clock.read(self._cloud, table)
            self._ahead_read = time.monotonic()
        return datetime.now(UTC) + self._ahead

    def deliver(self, message: Message) -> None:
        """Let a message that was handed over arrive, or fail as its number says."""
        for step, kind in enumerate(sending.fate(message), 1):
            self._work.put((time.monotonic() + step * TELLS_AFTER_S, message, kind))

    def work(self) -> None:
        """Tell, one after the other, what was put off. Never returns."""
        while True:
            due, message, kind = self._work.get()
            time.sleep(max(0.0, due - time.monotonic()))
            self.tell(message, kind)

    def tell(self, message: Message, kind: str) -> bool:
        """Publish what happened to a message; says whether its provider tells of that."""
        at = self.now()
        told = telling.became(message, kind, at)
        if told is None:
            return False
        self._publish(*told)
        self._mailbox.put({"id": message["id"], "state": kind})
        return True

    def write(self, answer: Message) -> None:
        """Publish what the debtor wrote."""
        self._publish(*telling.written(answer, datetime.fromisoformat(answer["at"])))

    def hold(self, body: bytes, media_type: str) -> str:
        """Keep a photo as Meta does until it is fetched; gives its id."""
        media_id = uuid.uuid4().hex
        self._media[media_id] = (body, media_type)
        return media_id

    def fetch(self, media_id: str, to: dict[str, str]) -> dict[str, Any]:
        """
        Put a photo into the caller's bucket, under the prefix and its own id, as AWS does.

        Raises:
            Refused: No such photo (any more).
        """
        if media_id not in self._media:
            raise sending.Refused("ResourceNotFoundException", status=404)
        body, media_type = self._media[media_id]
        key = f"{to['key']}{media_id}{EXTENSIONS.get(media_type, '')}"
        self._cloud.client("s3").put_object(
            Bucket=to["bucketName"], Key=key, Body=body, ContentType=media_type
        )
        return {"mimeType": media_type, "fileSize": len(body)}

    def letters(self) -> list[Message]:
        """The letters that wait to be printed, newest last."""
        bucket = self._told().get("evidence_bucket")
        if not bucket:
            return []
        s3 = self._cloud.client("s3")
        listed = s3.list_objects_v2(Bucket=bucket, Prefix="letters/").get("Contents", [])
        lines = sorted(
            (one for one in listed if one["Key"].endswith(".json")),
            key=lambda one: one["LastModified"],
        )
        found = []
        for one in lines[-MOST_LETTERS:]:
            line = json.load(s3.get_object(Bucket=bucket, Key=one["Key"])["Body"])
            link = s3.generate_presigned_url(
                "get_object", Params={"Bucket": bucket, "Key": line["letter"]}, ExpiresIn=3600
            )
            path = link.partition("://")[2].partition("/")[2]
            found.append(line | {"at": one["LastModified"].isoformat(), "href": f"/_s3/{path}"})
        return found

    def _publish(self, topic: str, body: dict[str, Any]) -> None:
        arn = self._told().get("topics", {}).get(topic)
        if arn:
            self._cloud.client("sns").publish(
                TopicArn=arn, Message=json.dumps(body, ensure_ascii=False)
            )

    def _told(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self._config.read_text())
        return told
