"""
Jobs of many cases in the work table.

``P#<portfolio>`` / ``BULK#<id>`` the job; ``BULK#<job>`` / ``CHUNK#<n>`` a hundred of its cases and
what became of each, / ``TALLY`` the sums that settling a chunk adds to, both gone after a quarter.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson

from chalicelib.domain.bulk import BulkJob, Chunk
from chalicelib.domain.plain import from_plain, to_plain
from chalicelib.store.documents import Documents, opened, sealed
from chalicelib.store.wire import Item, TransactionCancelled, Wire

KEPT = timedelta(days=90)
_TALLY = "TALLY"
_FAILED = "ConditionalCheckFailed"


class BulkStore(Documents[BulkJob]):
    def __init__(self, wire: Wire, table: str) -> None:
        super().__init__(wire, table, BulkJob, name="BULK", key="job_id")

    def newest(
        self, portfolio_id: str, *, limit: int, cursor: str | None
    ) -> tuple[list[BulkJob], str | None]:
        """List a portfolio's jobs, the newest first."""
        body: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :sk)",
            "ExpressionAttributeValues": {
                ":pk": {"S": self._pk(portfolio_id)},
                ":sk": {"S": "BULK#"},
            },
            "ScanIndexForward": False,
            "Limit": limit,
        }
        if cursor:
            body["ExclusiveStartKey"] = self._keys(portfolio_id, opened(cursor))
        answer = self._wire.call("Query", body)
        last = answer.get("LastEvaluatedKey")
        after = sealed(last["sk"]["S"].partition("#")[2]) if last else None
        return [self._read(item) for item in answer["Items"]], after

    # Chunks

    def put_chunks(self, chunks: Sequence[Chunk], *, now: datetime) -> None:
        """Keep which cases a job is about; written again, they are the same."""
        self._wire.put_many(self._table, [_item(chunk, now) for chunk in chunks])

    def chunk(self, job_id: str, number: int) -> Chunk | None:
        asked = {
            "TableName": self._table,
            "Key": _key(job_id, _sk(number)),
            "ConsistentRead": True,
        }
        item = self._wire.call("GetItem", asked).get("Item")
        return _chunk(item) if item else None

    def chunks(self, job_id: str) -> Iterator[Chunk]:
        """All of a job, in order."""
        asked = {
            "TableName": self._table,
            "ConsistentRead": True,
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :sk)",
            "ExpressionAttributeValues": {
                ":pk": {"S": f"BULK#{job_id}"},
                ":sk": {"S": "CHUNK#"},
            },
        }
        return (_chunk(item) for item in self._wire.query(asked))

    def settle(self, chunk: Chunk, tally: Mapping[str, int], *, undo: bool, now: datetime) -> bool:
        """
        Note what became of a chunk, and add it to the job's tally, in one transaction.

        False, with nothing changed, when somebody noted it before.
        """
        step = "undo" if undo else "run"
        added = {**tally, f"{step}_chunks": 1}
        names = {f"#n{n}": name for n, name in enumerate(added)}
        put = {
            "TableName": self._table,
            "Item": _item(chunk, now),
            "ConditionExpression": f"attribute_not_exists({step}_at)",
        }
        add = {
            "TableName": self._table,
            "Key": _key(chunk.job_id, _TALLY),
            "UpdateExpression": "SET expires_at = :expires ADD "
            + ",".join(f"#n{n} :n{n}" for n in range(len(added))),
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": {":expires": _expires(now)}
            | {f":n{n}": {"N": str(number)} for n, number in enumerate(added.values())},
        }
        try:
            self._wire.transact([{"Put": put}, {"Update": add}])
        except TransactionCancelled as cancelled:
            if cancelled.reasons[0][0] != _FAILED:
                raise
            return False
        return True

    def tally(self, job_id: str) -> dict[str, int]:
        """Sums by ``<step>:<outcome>:<code>``, and ``run_chunks``, ``undo_chunks``."""
        asked = {"TableName": self._table, "Key": _key(job_id, _TALLY), "ConsistentRead": True}
        item = self._wire.call("GetItem", asked).get("Item") or {}
        left_out = ("pk", "sk", "expires_at")
        return {name: int(value["N"]) for name, value in item.items() if name not in left_out}


def _item(chunk: Chunk, now: datetime) -> Item:
    item = _key(chunk.job_id, _sk(chunk.number)) | {
        "kind": {"S": "bulk_chunk"},
        "expires_at": _expires(now),
        "body": {"S": orjson.dumps(to_plain(chunk)).decode()},
    }
    for name, said in (("run_at", chunk.ran), ("undo_at", chunk.undone)):
        if said is not None:
            item[name] = {"N": str(int(now.timestamp()))}
    return item


def _chunk(item: Item) -> Chunk:
    return from_plain(Chunk, orjson.loads(item["body"]["S"]))


def _key(job_id: str, sk: str) -> Item:
    return {"pk": {"S": f"BULK#{job_id}"}, "sk": {"S": sk}}


def _sk(number: int) -> str:
    return f"CHUNK#{number:06}"


def _expires(now: datetime) -> dict[str, str]:
    return {"N": str(int((now + KEPT).timestamp()))}
