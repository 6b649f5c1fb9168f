"""Of people the lake holds no name, contact, address, note or word, nor where anybody stood."""

import base64
import hashlib
import re
from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from chalicelib.bi.tables import TABLES
from chalicelib.domain.case import CaseFile, CaseHead, CaseStatus, PromiseState
from chalicelib.domain.contact import Attempt, AttemptState, Channel, Direction
from chalicelib.domain.foretold import Telling
from chalicelib.domain.ledger import Entry, EntryKind
from chalicelib.domain.tracking import Fix, Presence, Shift
from chalicelib.geo.cells import INDEX_RESOLUTION, cell_of
from chalicelib.services.lake_means import Means
from chalicelib.strategies.model import Playbook, Segment
from tests.lake_world import Disk, a_lake
from tests.marked import LAT, LNG, Marks, forms, places

MON = date(2026, 11, 16)
# All texts of the domain that may be told: our own ids, and codes of closed lists. Whatever else is
# text is somebody's, as far as this test knows.
TOLD = {
    ("*", "case_id"): "cas_1",
    ("*", "debt_id"): "dbt_1",
    ("*", "debt_ids.0"): "dbt_1",
    ("*", "currency"): "MXN",
    ("*", "person_id"): "per_1",
    ("*", "shift_id"): "shf_1",
    ("*", "portfolio_id"): "prt_test",
    ("*", "portfolios.0"): "prt_test",
    ("Address", "cell"): cell_of(LAT, LNG),  # its parent is told; see ``places``
    ("Agreement", "agreement_id"): "agr_1",
    ("Agreement", "channel"): "call",
    ("Attempt", "attempt_id"): "att_1",
    ("Attempt", "cost_currency"): "USD",
    ("Attempt", "disposition"): "",
    ("Attempt", "outcome"): "conversation",
    ("Attempt", "party"): "debtor",
    ("Attempt", "problem"): "",
    ("Attempt", "template_id"): "tpl_1",
    ("Cause", "by"): "user:per_1",
    ("Cause", "kind"): "manual",
    ("Cause", "step"): "s1",
    ("Cause", "strategy"): "str_1@1",
    ("Cause", "variant"): "a",
    ("Content", "template"): "tpl_1@1",
    ("Debt", "product"): "auto",  # what the creditor sells, in the creditor's words
    ("Entry", "entry_id"): "ent_1",
    ("Entry", "source"): "manual",
    ("Event", "actor"): "user:per_1",
    ("Event", "hash"): "0" * 64,  # of what is personal it holds salted digests (domain.timeline)
    ("Event", "kind"): "note.added",
    ("Judgement", "verdict"): "verified",
    ("Met", "who"): "holder",
    ("PromiseToPay", "channel"): "call",
    ("PromiseToPay", "made_by"): "user:per_1",
    ("PromiseToPay", "promise_id"): "pro_1",
    ("Report", "disposition"): "promise",
    ("Ruling", "reason_code"): "FREQ_CAP",
    ("Segment", "segment_id"): "seg_1",
    ("Telling", "arm"): "champion",
    ("Telling", "basis"): "model",
    ("Telling", "model"): "first",
    ("Telling", "model_id"): "2026-10-31-a",
    ("Telling", "test_id"): "fct_1",
    ("Visit", "visit_id"): "vis_1",
}
# What has to be among the markers, or nothing is proved: a field that is renamed shows here.
PERSONAL = {
    "Address.city", "Address.lines", "Address.postal_code", "Answers.answers.said",
    "CaseHead.debtor_key", "CaseHead.name", "CaseHead.tax_id", "CaseHead.tags.0", "Consent.words",
    "ContactPoint.detail", "ContactPoint.value", "Content.html", "Content.subject", "Content.text",
    "Content.to", "CreditorPaper.name", "Debt.documents.0", "Debt.external_id", "Dispute.text",
    "Disputed.text", "Entry.reason", "Entry.reference", "Event.facts.said", "Event.personal.said",
    "FoundAddress.lines", "FoundContact.value", "Hold.note", "IssuedDocument.filename", "Met.name",
    "PaymentReport.reference", "Presence.name", "Proof.to", "Report.note", "Reported.words",
    "Resolution.reason", "Review.reason", "Task.outcome", "Task.text", "Unmade.text",
}  # fmt: skip


@pytest.fixture
def world():
    with a_lake() as made:
        yield made


def a_file(marks):
    """A case with one or more of all that a case can have, and a text in every field of it."""
    at = marks.at
    head = marks.filled(CaseHead, status=CaseStatus.OPEN, created_at=at, updated_at=at)
    file = marks.filled(
        CaseFile, head=head, entries=tuple(entries(marks)), attempts=tuple(attempts(marks))
    )
    debts = tuple(replace(one, void=False) for one in file.debts)
    promises = tuple(replace(one, state=PromiseState.OPEN) for one in file.promises)
    return replace(file, debts=debts, promises=promises)


def entries(marks):
    for number, kind in enumerate(EntryKind):
        undone = "ent_0" if kind is EntryKind.REVERSAL else None
        yield marks.filled(
            Entry, entry_id=f"ent_{number}", kind=kind, amount_minor=1_000, principal_minor=1_000,
            interest_minor=0, fees_minor=0, reverses=undone,
        )  # fmt: skip


def attempts(marks):
    """By every channel, both ways, in every state."""
    for channel in Channel:
        for direction in Direction:
            for state in AttemptState:
                key = f"att_{channel}_{direction}_{state}"
                yield marks.filled(
                    Attempt, attempt_id=key, channel=channel, direction=direction, state=state
                )


def fill(world):
    """Put a marked case, agent and playbook there; gives the markers."""
    marks = Marks(TOLD, world.at(MON))
    file = a_file(marks)
    world.cases.files["cas_1"] = file
    shift = marks.filled(Shift, started_at=world.at(MON, 9), ended_at=world.at(MON, 17))
    world.agents.put_shift(shift, marks.filled(Presence, heard_at=world.at(MON, 17)))
    fixes = [marks.filled(Fix, at=world.at(MON, 10) + timedelta(minutes=n)) for n in range(9)]
    world.agents.add_points("per_1", fixes, device_id="d", received_at=world.at(MON, 11))
    world.forecasts.tell("prt_test", marks.filled(Telling))
    segment = marks.filled(Segment, rule=None)
    book = marks.filled(Playbook, segments=(segment,))
    return marks, lambda _: book


def export(world, playbook):
    means = world.means(playbook=playbook)
    world.means = lambda: means
    world.export(MON)


def everything_told(world):
    """All that lies in the lake, as text: keys, values, and the bytes of files as they are."""
    disk: Disk = world.disk
    rows = [row for some in world.everything().values() for row in some]
    values = {str(value) for row in rows for value in row.values()}
    raw = [disk.read(key).decode("latin-1") for key in disk.objects()]
    return "\n".join([*disk.objects(), *values, *raw])


def found(told, marks):
    """Name the fields whose markers are told in any form."""
    return {
        where for where, marker in marks.made.items() if any(form in told for form in forms(marker))
    }


def test_nothing_that_a_person_wrote_or_is_called_is_in_any_table(world):
    marks, playbook = fill(world)
    assert not PERSONAL - set(marks.made)

    export(world, playbook)

    told = everything_told(world)
    rows = {name: world.rows(name, MON) for name in TABLES}
    assert not [name for name in rows if not rows[name]]  # nothing is proved of an empty table
    assert not found(told, marks)
    assert not [one for one in places(15, cell_of) if one in told]
    assert {row["cell"] for row in (*rows["places"], *rows["pings"])} == {cell_of(LAT, LNG, 8)}
    assert INDEX_RESOLUTION > 8


def test_rows_come_of_nothing_that_is_not_marked_here():
    """Conversations, questionnaires and files are elsewhere: whoever opens them marks them here."""
    sources = {one.name for one in fields(Means)} - {"files", "writer", "scratch"}
    assert sources == {"cases", "tracking", "forecasts", "playbook", "alive", "time_left_s"}


def _written(marker):
    digest = hashlib.sha256(marker.lower().encode())
    return {
        "plain": marker,
        "lower": marker.lower(),
        "inside": f"Sr. {marker}, mora",
        "digits": re.sub(r"\D", "", marker),
        "base64": base64.b64encode(marker.encode()).decode(),
        "sha256": digest.hexdigest(),
        "part of it": digest.hexdigest()[:24],
    }


@pytest.mark.parametrize("form", _written(""))
def test_a_name_would_be_found_however_it_is_written(world, form):
    marks, playbook = fill(world)
    name = marks.made["CaseHead.name"]
    file = world.cases.files["cas_1"]
    told = tuple(replace(one, product=_written(name)[form]) for one in file.debts)
    world.cases.files["cas_1"] = replace(file, debts=told)

    export(world, playbook)

    assert found(everything_told(world), marks) == {"CaseHead.name"}


def test_a_point_would_be_found(world):
    _, playbook = fill(world)
    file = world.cases.files["cas_1"]
    told = tuple(replace(one, actor=f"user:{LAT},{LNG}") for one in file.events)
    world.cases.files["cas_1"] = replace(file, events=told)

    export(world, playbook)

    text = everything_told(world)
    assert len([one for one in places(15, cell_of) if one in text]) == 2
