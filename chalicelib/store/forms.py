"""
Questionnaires in the work table.

``P#<portfolio>`` / ``FORM#<form>`` is what one is now; ``FORM_V#<form>#<number>`` a version with
its compiled form, compressed: some 2 KB for thirty questions. Versions are only ever added, in
the transaction that moves the first.
"""

import base64
import gzip
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from chalicelib.domain.plain import from_plain, to_plain
from chalicelib.domain.questionnaire import CompiledForm, FormVersion, Questionnaire
from chalicelib.store.wire import TransactionCancelled, Wire

MOST_KNOWN = 50


class FormStore:
    def __init__(self, wire: Wire, table: str) -> None:
        self._wire, self._table = wire, table
        # Versions never change: what was read once need not be read again.
        self._known: dict[tuple[str, str, int], CompiledForm] = {}

    def get(self, portfolio_id: str, form_id: str) -> Questionnaire | None:
        item = self._item(portfolio_id, f"FORM#{form_id}")
        return _read(item) if item else None

    def all(self, portfolio_id: str) -> list[Questionnaire]:
        """Every questionnaire of a portfolio, archived ones too: tens, one query."""
        return [_read(item) for item in self._query(portfolio_id, "FORM#")]

    def versions(self, portfolio_id: str, form_id: str) -> list[FormVersion]:
        """Every version there is, newest first, without the compiled forms."""
        found = self._query(portfolio_id, f"FORM_V#{form_id}#", ProjectionExpression="body")
        return [from_plain(FormVersion, orjson.loads(item["body"]["S"])) for item in found][::-1]

    def version(
        self, portfolio_id: str, form_id: str, number: int
    ) -> tuple[FormVersion, CompiledForm] | None:
        item = self._item(portfolio_id, _version_key(form_id, number))
        return (_version(item), _compiled(item)) if item else None

    def compiled(
        self, portfolio_id: str, wanted: Iterable[tuple[str, int]]
    ) -> dict[tuple[str, int], CompiledForm]:
        """Give the compiled forms that there are of *wanted*, by form and number."""
        made: dict[tuple[str, int], CompiledForm] = {}
        missing = []
        for each in wanted:
            known = self._known.get((portfolio_id, *each))
            if known is None:
                missing.append(each)
            else:
                made[each] = known
        if missing:
            keys = [(f"P#{portfolio_id}", _version_key(*each)) for each in missing]
            for item in self._wire.get_many(self._table, keys):
                version = _version(item)
                key = (version.form_id, version.number)
                made[key] = self._known[portfolio_id, *key] = _compiled(item)
            while len(self._known) > MOST_KNOWN:
                del self._known[next(iter(self._known))]
        return made

    def save(
        self, form: Questionnaire, version: FormVersion | None, compiled: CompiledForm | None
    ) -> bool:
        """
        Write over the revision before it, with a new version if there is one.

        False, with nothing changed, when somebody else was first. Safe to repeat.
        """
        put: dict[str, Any] = {
            "TableName": self._table,
            "Item": _keys(form.portfolio_id, f"FORM#{form.form_id}")
            | {
                "kind": {"S": "form"},
                "revision": {"N": str(form.revision)},
                "body": {"S": orjson.dumps(to_plain(form)).decode()},
            },
        }
        if form.revision == 1:
            put["ConditionExpression"] = "attribute_not_exists(pk)"
        else:
            put["ConditionExpression"] = "revision = :before"
            put["ExpressionAttributeValues"] = {":before": {"N": str(form.revision - 1)}}
        writes: list[dict[str, Any]] = [{"Put": put}]
        if version is not None:
            packed = gzip.compress(orjson.dumps(compiled), mtime=0)
            item = _keys(form.portfolio_id, _version_key(form.form_id, version.number)) | {
                "kind": {"S": "form_version"},
                "body": {"S": orjson.dumps(to_plain(version)).decode()},
                "compiled": {"B": base64.b64encode(packed).decode()},
            }
            condition = "attribute_not_exists(pk)"
            writes.append(
                {
                    "Put": {
                        "TableName": self._table,
                        "Item": item,
                        "ConditionExpression": condition,
                    }
                }
            )
        try:
            self._wire.transact(writes)
        except TransactionCancelled:
            # It may have been ours, its answer lost and the request repeated.
            return self.get(form.portfolio_id, form.form_id) == form
        return True

    def _item(self, portfolio_id: str, sk: str) -> Mapping[str, Any] | None:
        answer = self._wire.call(
            "GetItem",
            {"TableName": self._table, "Key": _keys(portfolio_id, sk), "ConsistentRead": True},
        )
        return answer.get("Item")

    def _query(self, portfolio_id: str, begins: str, **more: Any) -> Any:
        return self._wire.query(
            {
                "TableName": self._table,
                "KeyConditionExpression": "pk = :pk AND begins_with(sk, :sk)",
                "ExpressionAttributeValues": {
                    ":pk": {"S": f"P#{portfolio_id}"},
                    ":sk": {"S": begins},
                },
            }
            | more
        )


def _version_key(form_id: str, number: int) -> str:
    return f"FORM_V#{form_id}#{number:06d}"


def _keys(portfolio_id: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": f"P#{portfolio_id}"}, "sk": {"S": sk}}


def _read(item: Mapping[str, Any]) -> Questionnaire:
    return from_plain(Questionnaire, orjson.loads(item["body"]["S"]))


def _version(item: Mapping[str, Any]) -> FormVersion:
    return from_plain(FormVersion, orjson.loads(item["body"]["S"]))


def _compiled(item: Mapping[str, Any]) -> CompiledForm:
    form: CompiledForm = orjson.loads(gzip.decompress(base64.b64decode(item["compiled"]["B"])))
    return form
