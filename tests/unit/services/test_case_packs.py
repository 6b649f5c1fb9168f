"""The pack of a case: it holds what the case holds, proves itself, and names what was altered."""

import io
import json
import zipfile

import pytest

from chalicelib.domain import case_pack
from chalicelib.domain.case import ContactKind
from chalicelib.domain.contact import (
    Attempt,
    AttemptState,
    Cause,
    Channel,
    Content,
    Direction,
    Ruling,
)
from chalicelib.domain.draft import after
from chalicelib.domain.errors import BadField
from chalicelib.services import case_packs
from cli import __main__ as cli
from tests.builders import NOW, a_case, a_portfolio, change_of, reopened
from tests.contract.test_creditor_papers import a_paper
from tests.unit.messages.test_statement import words_of

THEIRS = "+525511112222"


@pytest.fixture
def file():
    known = a_case()
    draft = reopened(known)
    draft.note("Llamar después de las 16 – señora Ñ")
    draft.add_paper(a_paper(1))
    draft.put_contact(ContactKind.PHONE, THEIRS, party="reference", source="upload")
    draft.plan(
        Attempt(
            attempt_id="att_1",
            channel=Channel.SMS,
            direction=Direction.OUT,
            state=AttemptState.SENT,
            cause=Cause(kind="strategy"),
            created_at=NOW,
            ruling=Ruling(at=NOW, allowed=True, reason_code="ok", article="LFPC art. 60"),
            content=Content(to="+525512345678", text="Su saldo es de 1,000.00"),
        )
    )
    return after(known, change_of(draft))


def packed(file, purpose="evidence", language="es"):
    return case_packs.zipped(file, a_portfolio(), purpose=purpose, language=language, now=NOW)


def checked(tmp_path, body, capsys):
    path = tmp_path / "pack.zip"
    path.write_bytes(body)
    status = cli.main(["verify", "--pack", str(path), "--json"])
    return status, json.loads(capsys.readouterr().out)


def rezipped(body, change):
    """The same ZIP with its JSON changed."""
    with zipfile.ZipFile(io.BytesIO(body)) as held:
        parts = {name: held.read(name) for name in held.namelist()}
    pack = json.loads(parts["expediente.json"])
    change(pack)
    parts["expediente.json"] = json.dumps(pack).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as held:
        for name, part in parts.items():
            held.writestr(name, part)
    return out.getvalue()


@pytest.mark.parametrize("purpose", ["evidence", "access"])
def test_a_pack_proves_itself_offline(file, tmp_path, capsys, purpose):
    pack, body = packed(file, purpose)

    status, told = checked(tmp_path, body, capsys)

    assert (status, told["ok"], told["faults"]) == (0, True, [])
    assert (told["events"], told["head"]) == (len(file.events), file.head.chain.hash)
    assert pack["files"][0]["sha256"] == a_paper(1).sha256


def test_the_first_altered_event_is_named_though_the_digest_was_made_anew(file, tmp_path, capsys):
    _, body = packed(file)

    def lie(pack):
        pack["events"][2]["personal"] = {"name": "otro.pdf"}
        content = {k: v for k, v in pack.items() if k not in ("format", "version", "sha256")}
        pack |= case_pack.sealed(content)

    status, told = checked(tmp_path, rezipped(body, lie), capsys)

    assert status == 1
    assert (told["first_altered"], told["faults"]) == (3, ["timeline"])


@pytest.mark.parametrize(
    ("lie", "faults"),
    [
        (lambda pack: pack["entries"][0].update(amount_minor=1), ["digest", "balance"]),
        (lambda pack: pack["attempts"][0]["content"].update(text="Nada"), ["digest"]),
        (lambda pack: pack["files"][0].update(sha256="f" * 64), ["digest", "files"]),
        (lambda pack: pack["events"].pop(), ["digest", "timeline"]),
        (lambda pack: pack.update(pdf_sha256="0"), ["digest", "pdf"]),
    ],
)
def test_whatever_was_altered_shows(file, tmp_path, capsys, lie, faults):
    _, body = packed(file)

    status, told = checked(tmp_path, rezipped(body, lie), capsys)

    assert (status, told["faults"]) == (1, faults)


def test_what_is_no_pack_is_said_to_be_none(tmp_path, capsys):
    path = tmp_path / "other.json"
    path.write_text('{"format": "other"}')
    assert cli.main(["verify", "--pack", str(path)]) == 2
    assert "no pack of a case" in capsys.readouterr().out
    with pytest.raises(BadField):
        case_pack.prove({"format": case_pack.FORMAT, "version": case_pack.VERSION})


def test_the_debtor_is_given_their_own_data_and_nobody_elses(file):
    pack, _ = packed(file, "access")
    text = json.dumps(pack)

    assert THEIRS not in text
    assert "Llamar después" not in text  # a note of ours, in the timeline
    assert "Su saldo es de" in text
    assert "tasks" not in pack
    assert pack["visits"] == []
    assert THEIRS in json.dumps(packed(file)[0])


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_the_paper_reads_in_each_language_and_is_the_same_each_time(file, language):
    _, body = packed(file, language=language)
    with zipfile.ZipFile(io.BytesIO(body)) as held:
        pdf = held.read("expediente.pdf")
    with zipfile.ZipFile(io.BytesIO(packed(file, language=language)[1])) as held:
        assert held.read("expediente.pdf") == pdf
    text = words_of(pdf).replace("\n", "")
    for said in (file.head.chain.hash, "LFPC art. 60", a_paper(1).sha256, "Su saldo es de"):
        assert said in text
