"""
Answers by Athena, for what is too large to be read here.

A query that was started is remembered by what it asks and the files it reads: who asks the same
again gets its answer, or waits for it where the one before gave up.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from botocore.exceptions import ClientError

from chalicelib.bi.questions import Plan, Question
from chalicelib.domain.errors import FigureNotTold
from lake.days import Needed

PAGE = 1_000
FIRST_WAIT_S, LONGEST_WAIT_S = 0.2, 2.0
_WHOLE = ("bigint", "integer", "int", "smallint", "tinyint")


class AnswerFiles(Protocol):
    def read(self, key: str) -> bytes | None: ...
    def write(self, key: str, body: bytes) -> None: ...


class Athena:
    """
    Args:
        client: A boto3 Athena client.
        files: The lake's bucket; what was started is noted under ``answers/``, like the results.
        patience_s: How long an answer is waited for.
        sleep, clock: What waits and what tells how long; for tests.
    """

    def __init__(
        self,
        client: Any,
        files: AnswerFiles,
        *,
        workgroup: str,
        database: str,
        patience_s: float,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client, self._files = client, files
        self._workgroup, self._database = workgroup, database
        self._patience_s, self._sleep, self._clock = patience_s, sleep, clock

    def rows(
        self, question: Question, plan: Plan, read: Needed
    ) -> tuple[list[tuple[Any, ...]], int]:
        """
        Give the rows, and the bytes that were read for them (``engine.Elsewhere``).

        Raises:
            FigureNotTold: It reads too much, takes too long, or failed.
        """
        key = _key(question, plan, read)
        started = self._started(key)
        if started is None:
            started = self._start(plan.sql, key, after="")
        elif self._state(started)[0] in ("FAILED", "CANCELLED", "GONE"):
            started = self._start(plan.sql, key, after=started)
        size = self._wait(started)
        return list(self._read(started, plan.most_rows)), size

    def _started(self, key: str) -> str | None:
        body = self._files.read(key)
        return None if body is None else str(json.loads(body)["execution"])

    def _start(self, sql: str, key: str, *, after: str) -> str:
        # Two that ask at once start one query; a query that failed is not given back for ever.
        token = hashlib.sha256(f"{key} {after}".encode()).hexdigest()
        answer = self._client.start_query_execution(
            QueryString=sql,
            ClientRequestToken=token,
            WorkGroup=self._workgroup,
            QueryExecutionContext={"Database": self._database, "Catalog": "AwsDataCatalog"},
        )
        execution = str(answer["QueryExecutionId"])
        self._files.write(key, json.dumps({"execution": execution}).encode())
        return execution

    def _wait(self, execution: str) -> int:
        until, pause = self._clock() + self._patience_s, FIRST_WAIT_S
        while True:
            state, found = self._state(execution)
            if state == "SUCCEEDED":
                return int(found.get("Statistics", {}).get("DataScannedInBytes", 0))
            if state not in ("QUEUED", "RUNNING"):
                said = str(found.get("Status", {}).get("StateChangeReason", ""))
                much = "bytes scanned limit" in said.lower()
                raise FigureNotTold(reason="too_much" if much else "engine")
            if self._clock() + pause > until:
                raise FigureNotTold(reason="too_long")
            self._sleep(pause)
            pause = min(LONGEST_WAIT_S, pause * 1.5)

    def _state(self, execution: str) -> tuple[str, dict[str, Any]]:
        try:
            answer = self._client.get_query_execution(QueryExecutionId=execution)
        except ClientError as error:
            if error.response["Error"]["Code"] != "InvalidRequestException":
                raise
            return "GONE", {}  # forgotten after 45 days, or by an emulator that was stopped
        found: dict[str, Any] = answer["QueryExecution"]
        return str(found["Status"]["State"]), found

    def _read(self, execution: str, most: int) -> Iterator[tuple[Any, ...]]:
        pages = self._client.get_paginator("get_query_results").paginate(
            QueryExecutionId=execution, PaginationConfig={"PageSize": PAGE}
        )
        left, header = most + 1, True
        for page in pages:
            kinds = [one["Type"] for one in page["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]]
            for row in page["ResultSet"]["Rows"]:
                if header:  # the first row names the columns
                    header = False
                elif left:
                    left -= 1
                    yield tuple(map(_value, kinds, row["Data"]))
            if not left:
                return


def _value(kind: str, cell: dict[str, str]) -> str | int | bool | None:
    text = cell.get("VarCharValue")
    if text is None:
        return None
    if kind in _WHOLE or (kind == "decimal" and "." not in text):
        return int(text)
    return text == "true" if kind == "boolean" else text


def _key(question: Question, plan: Plan, read: Needed) -> str:
    """Name what is asked of which files: another answer has another name."""
    asked = hashlib.sha256(f"{question.portfolio_id}\n{plan.sql}".encode())
    for part in read.parts:
        asked.update(f"\n{part.key} {part.tag}".encode())
    return f"answers/asked/{asked.hexdigest()}.json"
