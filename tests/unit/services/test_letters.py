import csv
import io
import zipfile
from datetime import UTC, date, datetime

import pytest

from chalicelib.channels.letter import LetterSender
from chalicelib.domain.contact import Channel
from chalicelib.domain.errors import NotAllowed
from chalicelib.domain.people import Actor, Role
from chalicelib.services import letters
from tests.unit.channels.conftest import MemoryShelf, a_message

BOSS = Actor(actor_id="user:1", role=Role.SUPERVISOR, portfolios=("*",), name="Ana")
NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)


class Bucket(MemoryShelf):
    def keys(self, prefix, *, most):
        return sorted(key for key in self.objects if key.startswith(prefix))[:most]

    def read(self, key):
        return self.objects[key][1]

    def link(self, key, *, filename, expires_s):
        return f"https://s3.example/{key}?name={filename}"


def posted(*names):
    kept = Bucket()
    for number, name in enumerate(names):
        LetterSender(kept, now=lambda: NOW, zone=lambda _: "UTC").send(
            a_message(
                Channel.LETTER, to=f"{name}\nCalle 1\n72000 Puebla", subject="Aviso", text="Hola",
                message_id=f"att_{number}", reference=f"cas_{number}:att_{number}",
                files=(("estado.pdf", "application/pdf", b"%PDF-x"),) if number else (),
            )
        )  # fmt: skip
    return kept


def batch(kept, made, actor=BOSS, day=date(2026, 11, 22)):
    return letters.batch("prt_1", day, actor=actor, kept=kept, made=made)


def test_a_days_letters_are_one_file_with_its_list():
    kept, made = posted("Rosa Núñez", "=HYPERLINK(1)"), Bucket()

    told = batch(kept, made)

    assert (told["letters"], told["pages"]) == (2, 2)
    assert told["url"].startswith("https://s3.example/letters/prt_1/2026-11-22.zip")
    ((kind, body),) = made.objects.values()
    archive = zipfile.ZipFile(io.BytesIO(body))
    assert kind == "application/zip"
    assert archive.namelist() == ["0001.pdf", "0002.pdf", "0002-1.pdf", "lista.csv"]
    assert archive.read("0001.pdf").startswith(b"%PDF-")
    rows = list(csv.reader(io.StringIO(archive.read("lista.csv").decode("utf-8-sig"))))
    assert rows[0] == list(letters.COLUMNS)
    assert rows[1] == [
        "0001.pdf", "cas_0:att_0", "1", "0", "MX", "Rosa Núñez | Calle 1 | 72000 Puebla", "",
    ]  # fmt: skip
    assert rows[2][5].startswith("'=HYPERLINK")


def test_the_same_letters_give_the_same_file():
    kept, first, again = posted("Rosa", "Luis"), Bucket(), Bucket()

    batch(kept, first)
    batch(kept, again)

    assert first.objects == again.objects


def test_a_day_without_letters_makes_no_file():
    made = Bucket()

    assert batch(posted("Rosa"), made, day=date(2026, 11, 23))["url"] is None
    assert made.objects == {}


def test_an_agent_prints_nothing():
    agent = Actor(actor_id="user:2", role=Role.AGENT, portfolios=("*",), name="Luis")

    with pytest.raises(NotAllowed):
        batch(posted("Rosa"), Bucket(), actor=agent)
