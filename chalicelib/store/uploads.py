"""
Uploads in the work table.

Keys (see docs/data-model.md):
    ``P#<portfolio>`` / ``UPLOAD#<id>``: the upload itself, newest last by its sortable id.
    ``P#<portfolio>`` / ``MAPPING#<mode>#<shape>``: the mapping remembered for a file's shape.
    ``P#<portfolio>`` / ``FILE#<mode>#<sha256>``: which upload applied this very file.
    ``UPLOAD#<id>`` / ``SUM#<sweep>#<shard>``: sums of a sweep, sharded so that workers
    finishing at once do not meet on one item.
    ``UPLOAD#<id>`` / ``UNIT#<sweep>#<unit>``: the mark that a unit has been added to them.
"""

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any

from chalicelib.domain.errors import UploadMoved
from chalicelib.domain.upload import Figures, Upload, UploadMode, UploadState
from chalicelib.store.documents import CONDITION_FAILED, opened, sealed
from chalicelib.store.wire import TransactionCancelled, Wire, WireError

SUM_SHARDS = 8
_INSTANTS = ("created_at", "updated_at", "started_at", "finished_at")


class UploadStore:
    def __init__(self, wire: Wire, table: str) -> None:
        self._wire, self._table = wire, table

    def add(self, upload: Upload) -> None:
        self._call(
            "PutItem",
            Item=_to_item(upload),
            ConditionExpression="attribute_not_exists(pk)",
        )

    def get(self, portfolio_id: str, upload_id: str) -> Upload | None:
        item = self._get(f"P#{portfolio_id}", f"UPLOAD#{upload_id}")
        return _to_upload(item) if item else None

    def save(self, upload: Upload) -> Upload:
        stored = replace(upload, version=upload.version + 1)
        try:
            self._call(
                "PutItem",
                Item=_to_item(stored),
                ConditionExpression="version = :read",
                ExpressionAttributeValues={":read": {"N": str(upload.version)}},
            )
        except WireError as error:
            if error.code != CONDITION_FAILED:
                raise
            # The write may have been ours, its answer lost and the request repeated.
            if self.get(upload.portfolio_id, upload.upload_id) != stored:
                raise UploadMoved(upload_id=upload.upload_id) from error
        return stored

    def page(
        self, portfolio_id: str, *, limit: int, cursor: str | None
    ) -> tuple[list[Upload], str | None]:
        """Newest first: ids sort by the time they were made."""
        start = {}
        if cursor:
            start = {"ExclusiveStartKey": _key(f"P#{portfolio_id}", f"UPLOAD#{opened(cursor)}")}
        answer = self._call(
            "Query",
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ExpressionAttributeValues={
                ":pk": {"S": f"P#{portfolio_id}"},
                ":sk": {"S": "UPLOAD#"},
            },
            ScanIndexForward=False,
            Limit=limit,
            **start,
        )
        found = [_to_upload(item) for item in answer["Items"]]
        more = "LastEvaluatedKey" in answer
        return found, sealed(found[-1].upload_id) if more and found else None

    def set_rows_read(self, portfolio_id: str, upload_id: str, rows: int) -> None:
        self._call(
            "UpdateItem",
            Key=_key(f"P#{portfolio_id}", f"UPLOAD#{upload_id}"),
            UpdateExpression="SET rows_read = :rows",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeValues={":rows": {"N": str(rows)}},
        )

    def record_unit(self, upload_id: str, sweep: str, unit: int, tally: Mapping[str, int]) -> bool:
        moved = {name: n for name, n in tally.items() if n}
        mark = _key(f"UPLOAD#{upload_id}", f"UNIT#{sweep}#{unit:08d}")
        mark["kind"] = {"S": "upload_unit"}
        for counted in ("rejected", "warned"):
            mark[counted] = {"N": str(tally.get(counted, 0))}
        put = {
            "TableName": self._table,
            "Item": mark,
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        add = {
            "TableName": self._table,
            "Key": _key(f"UPLOAD#{upload_id}", f"SUM#{sweep}#{unit % SUM_SHARDS}"),
            "UpdateExpression": "ADD " + ", ".join(f"#{name} :{name}" for name in moved),
            "ExpressionAttributeNames": {f"#{name}": name for name in moved},
            "ExpressionAttributeValues": {f":{name}": {"N": str(n)} for name, n in moved.items()},
        }
        try:
            self._wire.transact([{"Put": put}, {"Update": add}])
        except TransactionCancelled as cancelled:
            if cancelled.reasons[0][0] != "ConditionalCheckFailed":
                raise
            return False
        return True

    def unit_recorded(self, upload_id: str, sweep: str, unit: int) -> bool:
        return self._get(f"UPLOAD#{upload_id}", f"UNIT#{sweep}#{unit:08d}") is not None

    def units_with_rejects(self, upload_id: str, sweep: str) -> list[int]:
        return self._units_with("rejected", upload_id, sweep)

    def units_with_warnings(self, upload_id: str, sweep: str) -> list[int]:
        return self._units_with("warned", upload_id, sweep)

    def tallies(self, upload_id: str) -> dict[str, dict[str, int]]:
        sums: dict[str, dict[str, int]] = {}
        for item in self._query(f"UPLOAD#{upload_id}", "SUM#"):
            sweep = sums.setdefault(item["sk"]["S"].split("#")[1], {})
            for name, value in item.items():
                if "N" in value:
                    sweep[name] = sweep.get(name, 0) + int(value["N"])
        return sums

    def remembered_mapping(self, portfolio_id: str, shape: str) -> dict[str, Any] | None:
        item = self._get(f"P#{portfolio_id}", f"MAPPING#{shape}")
        return json.loads(item["mapping"]["S"]) if item else None

    def remember_mapping(self, portfolio_id: str, shape: str, mapping: dict[str, Any]) -> None:
        item = _key(f"P#{portfolio_id}", f"MAPPING#{shape}")
        item |= {"kind": {"S": "mapping"}, "mapping": {"S": json.dumps(mapping)}}
        self._call("PutItem", Item=item)

    def applied_before(self, portfolio_id: str, fingerprint: str) -> str | None:
        item = self._get(f"P#{portfolio_id}", f"FILE#{fingerprint}")
        return item["upload_id"]["S"] if item else None

    def remember_applied(self, portfolio_id: str, fingerprint: str, upload_id: str) -> None:
        item = _key(f"P#{portfolio_id}", f"FILE#{fingerprint}")
        item |= {"kind": {"S": "applied_file"}, "upload_id": {"S": upload_id}}
        self._call("PutItem", Item=item)

    def forget_applied(self, portfolio_id: str, fingerprint: str, upload_id: str) -> None:
        try:
            self._call(
                "DeleteItem",
                Key=_key(f"P#{portfolio_id}", f"FILE#{fingerprint}"),
                ConditionExpression="upload_id = :id",
                ExpressionAttributeValues={":id": {"S": upload_id}},
            )
        except WireError as error:
            if error.code != CONDITION_FAILED:
                raise  # else a later upload of the same file holds it, or nobody

    def _call(self, operation: str, **body: Any) -> dict[str, Any]:
        return self._wire.call(operation, {"TableName": self._table, **body})

    def _get(self, pk: str, sk: str) -> dict[str, Any] | None:
        return self._call("GetItem", Key=_key(pk, sk), ConsistentRead=True).get("Item")

    def _units_with(self, counted: str, upload_id: str, sweep: str) -> list[int]:
        items = self._query(
            f"UPLOAD#{upload_id}",
            f"UNIT#{sweep}#",
            FilterExpression=f"{counted} > :none",
            values={":none": {"N": "0"}},
        )
        return [int(item["sk"]["S"].rsplit("#", 1)[1]) for item in items]

    def _query(
        self, pk: str, prefix: str, *, values: dict[str, Any] | None = None, **more: Any
    ) -> list[dict[str, Any]]:
        body = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :sk)",
            "ExpressionAttributeValues": {":pk": {"S": pk}, ":sk": {"S": prefix}} | (values or {}),
            "ConsistentRead": True,
            **more,
        }
        return list(self._wire.query(body))


def _key(pk: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _to_item(upload: Upload) -> dict[str, Any]:
    """
    Lay an upload out: what conditions look at as attributes, the rest packed.

    Packed because an inspection of a wide sheet, with its samples and preview, is near the
    400 KB that an item may have, and shrinks to a tenth.
    """
    body = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(upload).items()
        if name not in ("version", "rows_read")
    }
    packed = zlib.compress(json.dumps(body, ensure_ascii=False).encode())
    return _key(f"P#{upload.portfolio_id}", f"UPLOAD#{upload.upload_id}") | {
        "kind": {"S": "upload"},
        "state": {"S": upload.state.value},
        "version": {"N": str(upload.version)},
        "rows_read": {"N": str(upload.rows_read)},
        "body": {"B": base64.b64encode(packed).decode()},
    }


def _to_upload(item: dict[str, Any]) -> Upload:
    body = json.loads(zlib.decompress(base64.b64decode(item["body"]["B"])))
    known = {f.name for f in fields(Upload)}
    values = {name: value for name, value in body.items() if name in known}
    for name in _INSTANTS:
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    for name in ("checked", "applied"):
        values[name] = Figures(**values[name]) if values[name] else None
    return Upload(
        **values
        | {
            "mode": UploadMode(values["mode"]),
            "state": UploadState(values["state"]),
            "version": int(item["version"]["N"]),
            "rows_read": int(item["rows_read"]["N"]),
        }
    )
