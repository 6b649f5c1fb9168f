"""``./recobro whatsapp UPDATES.jsonl``: what each recorded WhatsApp update would do, no stack."""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib.channels import notifications
from chalicelib.channels.parsed import LeftAside, Parsed
from chalicelib.conversation.dialogue import step
from chalicelib.conversation.facts import House
from chalicelib.conversation.turns import Talk
from chalicelib.conversation.words import Language
from chalicelib.domain.contact import ChannelEvent, Inbound
from cli.records import BadFile, Record, json_lines, name_of

# What nobody could make sense of; everything else left aside has a known meaning.
NOT_UNDERSTOOD = ("malformed", "unknown", "empty")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="UPDATES.jsonl")
    parser.add_argument("--lang", choices=[str(one) for one in Language], default="es")
    parser.add_argument("--country", default="MX", help="of the portfolio that answers")
    parser.add_argument("--creditor", default="the creditor", help="name that the bot gives")
    parser.add_argument("--words", action="store_true", help="print the bot's answers in full")


def run(options: argparse.Namespace) -> int:
    """Nobody is on file here: senders are strangers, whom the bot asks who they are."""
    talks: dict[str, Talk] = {}
    done: list[dict[str, Any]] = []
    try:
        for number, record in enumerate(json_lines(options.file), start=1):
            would = [
                what for part in _parts(_read(record)) for what in _would(part, talks, options)
            ]
            done.append({"id": name_of(record, number), "would": would})
    except BadFile as error:
        print(error, file=sys.stderr)
        return 2
    lost = [one["id"] for one in done if any("not_understood" in w for w in one["would"])]
    if options.json:
        print(json.dumps({"updates": done, "not_understood": lost}, ensure_ascii=False))
    else:
        for one in done:
            print(f"{one['id']}: {'; '.join(_sentence(what) for what in one['would'])}")
        print(f"{len(done) - len(lost)} of {len(done)} understood")
    return 0 if done and not lost else 1


def _read(record: Record) -> Parsed:
    """Read a line: an update in ``payload``, a function's event in ``lambda_event``, or bare."""
    now = datetime.now(UTC)
    if isinstance(record.get("lambda_event"), Mapping):
        return notifications.parse_lambda_event(record["lambda_event"], received_at=now)
    return notifications.parse(json.dumps(record.get("payload", record)), received_at=now)


def _parts(read: Parsed) -> Iterator[Inbound | ChannelEvent | LeftAside]:
    yield from read.events
    yield from read.inbound
    yield from read.aside


def _would(
    part: Inbound | ChannelEvent | LeftAside, talks: dict[str, Talk], options: argparse.Namespace
) -> Iterator[dict[str, Any]]:
    if isinstance(part, ChannelEvent):
        yield {"event": part.kind, "of": part.provider_id[-8:], "code": part.code}
    elif isinstance(part, LeftAside):
        what = "not_understood" if part.reason in NOT_UNDERSTOOD else "left_aside"
        yield {what: part.reason, "notable": part.notable}
    else:
        house = House(
            name=options.creditor,
            country=options.country,
            today=part.at.date(),
        )
        talk = talks.get(part.sender) or Talk(language=Language(options.lang))
        turn = step(talk, part, house=house, debtors=(), now=part.at)
        talks[part.sender] = turn.talk
        yield {
            "message": part.extras.get("kind", "text"),
            "from": f"…{part.sender[-4:]}",
            "understood": turn.intent,
            "does": [" ".join(filter(None, (one.kind.value, one.reason))) for one in turn.effects],
            "answers": [one.text if options.words else one.code for one in turn.replies],
            "stage": turn.talk.stage.value,
        }


def _sentence(what: dict[str, Any]) -> str:
    if "event" in what:
        code = f" ({what['code']})" if what["code"] else ""
        return f"{what['event']}{code} is written to the attempt …{what['of']}"
    if "left_aside" in what:
        told = ", told to who runs the channel" if what["notable"] else ""
        return f"changes no case: {what['left_aside']}{told}"
    if "not_understood" in what:
        return f"not understood: {what['not_understood']}"
    does = f", does {', '.join(what['does'])}" if what["does"] else ""
    answers = ", ".join(what["answers"]) or "nothing"
    return (
        f"{what['message']} from {what['from']} is kept ({what['understood']}){does},"
        f" answers {answers}"
    )
