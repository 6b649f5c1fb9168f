"""
Conversations in the work table.

Keys (see docs/data-model.md):
    ``CONV#<id>`` / ``HEAD``: the conversation itself, under its version.
    ``CONV#<id>`` / ``MSG#<seq>``: its messages.
    ``TALKS#<portfolio>#<known|unknown>`` / ``<moved_at>#<id>``: the head once more, where lists
    read it by recency; it moves in the transaction that changes the head.
    ``PHONE#<channel>#<phone>`` / ``<id>``: which conversations a number has.
    ``HEARD#<provider>#<provider's id>`` / ``-``: that a message was taken, and the attempts
    that answer it, for some weeks.

All of it goes by itself (``expires_at``) once the portfolio's time of keeping is over.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from chalicelib.domain.contact import Channel
from chalicelib.domain.conversation import Conversation, Message
from chalicelib.domain.errors import ConversationMoved, ConversationNotFound
from chalicelib.domain.plain import from_plain, to_plain
from chalicelib.store.documents import opened, sealed
from chalicelib.store.wire import TransactionCancelled, Wire

# Providers repeat a message for some days at most.
HEARD_FOR = timedelta(days=30)
# What a slow writer may still put behind the newest line that a list has seen.
OVERLAP = timedelta(seconds=5)
PHONE_LONGER = timedelta(days=62)
Item = dict[str, Any]


class ConversationStore:
    def __init__(self, wire: Wire, table: str) -> None:
        self._wire, self._table = wire, table

    # Reading

    def get(self, conversation_id: str) -> Conversation:
        """
        Raises:
            ConversationNotFound: No such conversation.
        """
        found = self.find(conversation_id)
        if found is None:
            raise ConversationNotFound(conversation_id=conversation_id)
        return found

    def find(self, conversation_id: str) -> Conversation | None:
        item = self._get(f"CONV#{conversation_id}", "HEAD")
        return _read(Conversation, item) if item else None

    def heard(self, provider: str, provider_id: str) -> tuple[str, ...] | None:
        """Give the attempts that answer a message taken already; None for one that was not."""
        item = self._get(f"HEARD#{provider}#{provider_id}", "-")
        if item is None:
            return None
        return tuple(one["S"] for one in item.get("answers", {"L": []})["L"])

    def of_phone(self, channel: Channel, phone: str) -> list[Conversation]:
        """Give a number's conversations, newest first."""
        rows = self._wire.query(
            {
                "TableName": self._table,
                "KeyConditionExpression": "pk = :pk",
                "ExpressionAttributeValues": {":pk": {"S": f"PHONE#{channel.value}#{phone}"}},
                "ConsistentRead": True,
            }
        )
        keys = [(f"CONV#{row['sk']['S']}", "HEAD") for row in rows]
        found = [_read(Conversation, item) for item in self._wire.get_many(self._table, keys)]
        return sorted(found, key=lambda one: one.moved_at, reverse=True)

    def page(
        self,
        portfolio_id: str,
        *,
        known: bool,
        limit: int,
        cursor: str | None = None,
        since: str | None = None,
        desk: str | None = None,
    ) -> tuple[list[Conversation], str | None, str]:
        """
        List conversations, the one that moved last first.

        Args:
            known: Those of a case, or the unknown senders' tray.
            since: The mark an earlier list gave: only what moved after it.

        Returns:
            A page, the cursor of the next, and the mark to ask on from.
        """
        values: Item = {":pk": {"S": _tray(portfolio_id, known)}}
        asked: Item = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": values,
            "ScanIndexForward": False,
            "Limit": limit,
        }
        if since:
            asked["KeyConditionExpression"] = "pk = :pk AND sk > :since"
            values[":since"] = {"S": _earlier(opened(since))}
        if desk:
            asked["FilterExpression"] = "desk = :desk"
            values[":desk"] = {"S": desk}
        if cursor:
            asked["ExclusiveStartKey"] = {"pk": values[":pk"], "sk": {"S": opened(cursor)}}
        found: list[Item] = []
        while True:
            answer = self._wire.call("Query", asked)
            found += answer["Items"]
            last = answer.get("LastEvaluatedKey")
            if last is None or len(found) >= limit:
                break
            asked["ExclusiveStartKey"] = last
        newest = found[0]["sk"]["S"] if found else opened(since) if since else "0"
        following = sealed(last["sk"]["S"]) if last else None
        return [_read(Conversation, item) for item in found], following, sealed(newest)

    def messages(
        self, conversation_id: str, *, after: int = 0, before: int | None = None, limit: int = 50
    ) -> list[Message]:
        """
        Give messages in order: those after a number, else the newest before one.

        Args:
            after: Only messages with a higher number, the oldest *limit* of them.
        """
        if before is not None and before <= after + 1:
            return []  # DynamoDB refuses a range that ends before it begins
        top = f"MSG#{before - 1:08d}" if before is not None else "MSG#99999999"
        answer = self._wire.call(
            "Query",
            {
                "TableName": self._table,
                "KeyConditionExpression": "pk = :pk AND sk BETWEEN :from AND :to",
                "ExpressionAttributeValues": {
                    ":pk": {"S": f"CONV#{conversation_id}"},
                    ":from": {"S": f"MSG#{after + 1:08d}"},
                    ":to": {"S": top},
                },
                "ScanIndexForward": after > 0,
                "Limit": limit,
                "ConsistentRead": True,
            },
        )
        found = [_read(Message, item) for item in answer["Items"]]
        return sorted(found, key=lambda one: one.seq)

    # Writing

    def save(
        self,
        conversation: Conversation,
        *messages: Message,
        before: Conversation | None,
        heard: tuple[str, str] | None = None,
        now: datetime,
    ) -> Conversation:
        """
        Write a conversation with its new messages, whole or not at all.

        Args:
            before: As it was read; None for a new one.
            heard: Provider and its id of the message that led to this; taken once only.

        Raises:
            ConversationMoved: Somebody else changed it, or that message was taken meanwhile.
        """
        stored = replace(conversation, version=conversation.version + 1)
        plain = orjson.dumps(to_plain(stored)).decode()
        until = _epoch(stored.moved_at + stored.kept_for)
        columns = {
            "expires_at": until,
            "kind": {"S": "conversation"},
            "desk": {"S": stored.desk.value},
            "body": {"S": plain},
        }
        writes: list[Item] = [self._put_head(stored, columns, before)]
        line = _line(stored)
        if before is None or before.moved_at.month != stored.moved_at.month:
            # Once a month is enough: it is kept two months longer than what it leads to.
            phone = {"pk": f"PHONE#{stored.channel.value}#{stored.phone}"}
            longer = {"expires_at": _epoch(stored.moved_at + stored.kept_for + PHONE_LONGER)}
            writes.append(self._put(phone | {"sk": stored.conversation_id}, longer))
        if before is not None and _line(before) != line:
            keys = {name: {"S": value} for name, value in _line(before).items()}
            writes.append({"Delete": {"TableName": self._table, "Key": keys}})
        writes.append(self._put(line, columns))
        for message in messages:
            body = {
                "body": {"S": orjson.dumps(to_plain(message)).decode()},
                "expires_at": _epoch(message.at + stored.kept_for),
            }
            writes.append(self._put(_message_key(stored.conversation_id, message.seq), body))
        if heard:
            key = {"pk": f"HEARD#{heard[0]}#{heard[1]}", "sk": "-"}
            answers = [{"S": one.attempt_id} for one in messages if one.by == "bot"]
            put = self._put(key, {"expires_at": _epoch(now + HEARD_FOR), "answers": {"L": answers}})
            put["Put"]["ConditionExpression"] = "attribute_not_exists(pk)"
            writes.append(put)
        try:
            self._wire.transact(writes)
        except TransactionCancelled as cancelled:
            raise ConversationMoved(conversation_id=stored.conversation_id) from cancelled
        return stored

    def settle(self, conversation_id: str, *messages: Message) -> None:
        """Write what became of messages; their text and place stay."""
        for message in messages:
            key = _message_key(conversation_id, message.seq)
            self._wire.call(
                "UpdateItem",
                {
                    "TableName": self._table,
                    "Key": {name: {"S": value} for name, value in key.items()},
                    "UpdateExpression": "SET body = :body",
                    "ExpressionAttributeValues": {
                        ":body": {"S": orjson.dumps(to_plain(message)).decode()}
                    },
                },
            )

    def forget(self, conversation: Conversation) -> None:
        """
        Take a conversation away for good: its messages, itself, its number. Safe to repeat.

        The head goes last: what broke off is found again by it.
        """
        pk = f"CONV#{conversation.conversation_id}"
        phone = {
            "pk": f"PHONE#{conversation.channel.value}#{conversation.phone}",
            "sk": conversation.conversation_id,
        }
        messages = [
            {"pk": pk, "sk": row["sk"]["S"]}
            for row in self._wire.query(
                {
                    "TableName": self._table,
                    "KeyConditionExpression": "pk = :pk AND begins_with(sk, :msg)",
                    "ExpressionAttributeValues": {":pk": {"S": pk}, ":msg": {"S": "MSG#"}},
                    "ConsistentRead": True,
                }
            )
        ]
        for key in (*messages, _line(conversation), phone, {"pk": pk, "sk": "HEAD"}):
            keys = {name: {"S": value} for name, value in key.items()}
            self._wire.call("DeleteItem", {"TableName": self._table, "Key": keys})

    # Private

    def _put_head(self, stored: Conversation, columns: Item, before: Conversation | None) -> Item:
        put = self._put({"pk": f"CONV#{stored.conversation_id}", "sk": "HEAD"}, columns)
        put["Put"]["Item"]["version"] = {"N": str(stored.version)}
        if before is None:
            put["Put"]["ConditionExpression"] = "attribute_not_exists(pk)"
        else:
            put["Put"]["ConditionExpression"] = "version = :read"
            put["Put"]["ExpressionAttributeValues"] = {":read": {"N": str(before.version)}}
        return put

    def _put(self, keys: dict[str, str], more: Item) -> Item:
        item = {name: {"S": value} for name, value in keys.items()} | more
        return {"Put": {"TableName": self._table, "Item": item}}

    def _get(self, pk: str, sk: str) -> Item | None:
        answer = self._wire.call(
            "GetItem",
            {
                "TableName": self._table,
                "Key": {"pk": {"S": pk}, "sk": {"S": sk}},
                "ConsistentRead": True,
            },
        )
        item: Item | None = answer.get("Item")
        return item


def _tray(portfolio_id: str, known: bool) -> str:
    return f"TALKS#{portfolio_id or '-'}#{'known' if known else 'unknown'}"


def _line(one: Conversation) -> dict[str, str]:
    at = one.moved_at.astimezone(UTC).isoformat(timespec="microseconds")
    return {"pk": _tray(one.portfolio_id, one.known), "sk": f"{at}#{one.conversation_id}"}


def _earlier(mark: str) -> str:
    """A mark some seconds before: clocks differ, and what is given twice does no harm."""
    try:
        at = datetime.fromisoformat(mark.partition("#")[0])
    except ValueError:
        return "0"
    return (at - OVERLAP).isoformat(timespec="microseconds")


def _epoch(at: datetime) -> dict[str, str]:
    return {"N": str(int(at.timestamp()))}


def _message_key(conversation_id: str, seq: int) -> dict[str, str]:
    return {"pk": f"CONV#{conversation_id}", "sk": f"MSG#{seq:08d}"}


def _read(kind: type[Any], item: Item) -> Any:
    return from_plain(kind, orjson.loads(item["body"]["S"]))
