"""Creditors' accounts at providers (work table), and their keys (Secrets Manager)."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any

import orjson

from chalicelib.domain.payment_account import PaymentAccount
from chalicelib.domain.plain import from_plain, to_plain
from chalicelib.store.wire import TransactionCancelled

if TYPE_CHECKING:
    from chalicelib.domain.people import AuditEvent
    from chalicelib.store.wire import Item, Wire


class PaymentAccountStore:
    """``P#<portfolio_id>`` / ``PAYS#<provider>``."""

    def __init__(self, wire: Wire, table: str) -> None:
        self._wire, self._table = wire, table

    def get(self, portfolio_id: str, provider: str) -> PaymentAccount | None:
        asked = {
            "TableName": self._table,
            "Key": _keys(portfolio_id, provider),
            "ConsistentRead": True,
        }
        item = self._wire.call("GetItem", asked).get("Item")
        return _account(item) if item else None

    def of_portfolio(self, portfolio_id: str) -> list[PaymentAccount]:
        body = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :sk)",
            "ExpressionAttributeValues": {":pk": {"S": f"P#{portfolio_id}"}, ":sk": {"S": "PAYS#"}},
        }
        return [_account(item) for item in self._wire.query(body)]

    def save(self, account: PaymentAccount, *, audit: AuditEvent | None = None) -> bool:
        """Keep it; False when somebody else changed it meanwhile."""
        body = orjson.dumps(to_plain(account)).decode()
        item = _keys(account.portfolio_id, account.provider) | {
            "body": {"S": body},
            "version": {"N": str(account.version)},
        }
        put: Item = {"TableName": self._table, "Item": item}
        if account.version == 1:
            put["ConditionExpression"] = "attribute_not_exists(pk)"
        else:
            put |= {
                "ConditionExpression": "version = :before",
                "ExpressionAttributeValues": {":before": {"N": str(account.version - 1)}},
            }
        return self._write({"Put": put}, audit)

    def remove(self, account: PaymentAccount, *, audit: AuditEvent) -> bool:
        key = _keys(account.portfolio_id, account.provider)
        gone = {
            "TableName": self._table,
            "Key": key,
            "ConditionExpression": "version = :known",
            "ExpressionAttributeValues": {":known": {"N": str(account.version)}},
        }
        return self._write({"Delete": gone}, audit)

    def _write(self, write: Item, audit: AuditEvent | None) -> bool:
        writes = [write]
        if audit is not None:
            from chalicelib.store import audit as audit_rows

            row: dict[str, Any] = audit_rows.row_of(audit).serialize()
            writes.append({"Put": {"TableName": self._table, "Item": row}})
        try:
            self._wire.transact(writes)
        except TransactionCancelled:
            return False
        return True


class PaymentKeys:
    """
    Keys of accounts, a secret each.

    Args:
        client: boto3's, of Secrets Manager.
        prefix: Of the secrets' names; what functions may read is limited to it.
        kms_key: What they are encrypted with.
    """

    def __init__(self, client: Any, *, prefix: str, kms_key: str) -> None:
        self._client, self._prefix, self._kms_key = client, prefix, kms_key
        self._remembered = functools.lru_cache(maxsize=64)(self._read)

    def get(self, portfolio_id: str, provider: str, version: int) -> dict[str, str]:
        """
        Give an account's keys.

        Args:
            version: The account's ``keys_version``; a new one is read anew.
        """
        return dict(self._remembered(portfolio_id, provider, version))

    def put(self, portfolio_id: str, provider: str, keys: dict[str, str]) -> None:
        """Keep an account's keys; the account has a new ``keys_version`` to read them by."""
        self._remembered.cache_clear()
        name = self._name(portfolio_id, provider)
        held = json.dumps(keys)
        try:
            self._client.put_secret_value(SecretId=name, SecretString=held)
        except self._client.exceptions.ResourceNotFoundException:
            under = {"KmsKeyId": self._kms_key} if self._kms_key else {}
            self._client.create_secret(
                Name=name,
                SecretString=held,
                Description="Keys of a creditor's account at a provider of payments",
                **under,
            )

    def remove(self, portfolio_id: str, provider: str) -> None:
        """Forget an account's keys at once. Safe to repeat."""
        try:
            self._client.delete_secret(
                SecretId=self._name(portfolio_id, provider), ForceDeleteWithoutRecovery=True
            )
        except self._client.exceptions.ResourceNotFoundException:
            return

    def _read(self, portfolio_id: str, provider: str, _version: int) -> dict[str, str]:
        held = self._client.get_secret_value(SecretId=self._name(portfolio_id, provider))
        keys: dict[str, str] = json.loads(held["SecretString"])
        return keys

    def _name(self, portfolio_id: str, provider: str) -> str:
        return f"{self._prefix}{portfolio_id}/{provider}"


def _keys(portfolio_id: str, provider: str) -> Item:
    return {"pk": {"S": f"P#{portfolio_id}"}, "sk": {"S": f"PAYS#{provider}"}}


def _account(item: Item) -> PaymentAccount:
    return from_plain(PaymentAccount, orjson.loads(item["body"]["S"]))
