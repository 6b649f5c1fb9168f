"""What every case store promises of creditors' documents: kept whole, ended, erased, passed on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import creditor_paper, timeline
from chalicelib.domain.creditor_paper import CreditorPaper, PaperKind
from chalicelib.domain.errors import (
    BadField,
    CaseMoved,
    DebtNotFound,
    PaperEnded,
    PaperNotFound,
)
from tests.builders import NOW, a_debt, a_draft, change_of, reopened


def a_paper(number=1, **values):
    base = {
        "paper_id": f"pap_{number}",
        "kind": PaperKind.INVOICE,
        "name": "factura 1001.pdf",
        "media_type": "application/pdf",
        "size_bytes": 900,
        "sha256": f"{number:064d}",
        "key": f"papers/cas/{number}.pdf",
        "at": NOW + timedelta(minutes=number),
        "by": "user:ana",
        "shown": True,
    }
    return CreditorPaper(**base | values)


@pytest.fixture
def debt(stores):
    return a_debt("F-1", stores.portfolio.portfolio_id)


@pytest.fixture
def case_id(stores, debt):
    change = change_of(a_draft(debt, portfolio=stores.portfolio))
    stores.cases.commit(change)
    return change.after.case_id


def again(stores, case_id):
    return reopened(stores.cases.open(case_id), stores.portfolio)


def commit(stores, draft):
    stores.cases.commit(change_of(draft))


def test_documents_are_read_as_they_were_written_oldest_first(stores, case_id, debt):
    first, second = a_paper(1, debt_id=debt.debt_id), a_paper(2, kind=PaperKind.OTHER, shown=False)
    draft = again(stores, case_id)
    assert draft.add_paper(first)
    assert draft.add_paper(second)
    assert not draft.add_paper(first)
    commit(stores, draft)

    file = stores.cases.open(case_id)
    assert file.papers == (first, second)
    assert [e.kind for e in file.events[-2:]] == ["paper.added", "paper.added"]
    assert file.events[-2].facts["debt_id"] == debt.debt_id
    assert file.events[-2].personal == {"name": first.name}
    assert first.proves(debt.debt_id)
    assert not first.proves("deb_other")
    assert second.proves("deb_other")


def test_one_gives_way_to_another_and_stays_on_file(stores, case_id):
    draft = again(stores, case_id)
    draft.add_paper(a_paper(1))
    draft.add_paper(a_paper(2, replaces="pap_1"), reason="Se leía mal")
    commit(stores, draft)

    old, new = stores.cases.open(case_id).papers
    assert (old.stands, old.replaced_by, old.why) == (False, "pap_2", "Se leía mal")
    assert (new.stands, new.replaces) == (True, "pap_1")
    with pytest.raises(PaperEnded):
        again(stores, case_id).add_paper(a_paper(3, replaces="pap_1"), reason="x")
    with pytest.raises(BadField):
        again(stores, case_id).add_paper(a_paper(2, replaces="pap_2"), reason="x")


def test_withdrawn_it_stays_and_may_come_back(stores, case_id):
    draft = again(stores, case_id)
    draft.add_paper(a_paper(1))
    assert draft.withdraw_paper("pap_1", "Es de otro cliente")
    assert not draft.withdraw_paper("pap_1", "Otra vez")
    commit(stores, draft)

    (ended,) = stores.cases.open(case_id).papers
    assert (ended.stands, ended.why, ended.ended_by) == (False, "Es de otro cliente", "user:ana")
    draft = again(stores, case_id)
    with pytest.raises(PaperEnded):
        draft.change_paper("pap_1", shown=False)
    assert draft.add_paper(a_paper(1))
    commit(stores, draft)
    assert stores.cases.open(case_id).papers == (a_paper(1),)


def test_what_it_is_said_to_be_changes_with_what_was_said_before(stores, case_id, debt):
    draft = again(stores, case_id)
    draft.add_paper(a_paper(1))
    assert draft.change_paper("pap_1", shown=False, debt_id=debt.debt_id, name="Pagaré")
    assert not draft.change_paper("pap_1", shown=False)
    commit(stores, draft)

    file = stores.cases.open(case_id)
    assert file.papers == (a_paper(1, shown=False, debt_id=debt.debt_id, name="Pagaré"),)
    event = file.events[-1]
    assert event.kind == "paper.changed"
    assert event.facts["before"] == {"shown": True, "debt_id": ""}
    assert event.facts["after"] == {"shown": False, "debt_id": debt.debt_id}
    assert event.personal == {"name": "Pagaré", "old_name": "factura 1001.pdf"}


def test_erased_its_name_is_nowhere_and_the_chain_stands(stores, case_id):
    draft = again(stores, case_id)
    draft.add_paper(a_paper(1))
    draft.add_paper(a_paper(2))
    commit(stores, draft)
    draft = again(stores, case_id)
    draft.withdraw_paper("pap_1", "Habla de Juana")
    commit(stores, draft)

    draft = again(stores, case_id)
    assert draft.erase_paper("pap_1", "Lo pidió Juana")
    commit(stores, draft)

    file = stores.cases.open(case_id)
    gone, other = file.papers
    assert (gone.erased, gone.name, gone.why, gone.key, gone.sha256) == (
        *(True, "", "", ""),
        a_paper(1).sha256,
    )
    assert other == a_paper(2)
    mine = [e for e in file.events if e.facts.get("paper_id") == "pap_1"]
    assert [(e.kind, dict(e.personal)) for e in mine] == [
        ("paper.added", {}),
        ("paper.withdrawn", {}),
        ("paper.erased", {"reason": "Lo pidió Juana"}),
    ]
    assert timeline.verify(file.events, file.head.chain).ok
    assert not again(stores, case_id).erase_paper("pap_1", "Otra vez")


def test_they_go_where_the_debts_go(stores, case_id, debt):
    draft = again(stores, case_id)
    draft.add_paper(a_paper(1, debt_id=debt.debt_id))
    commit(stores, draft)
    other = change_of(
        a_draft(a_debt("F-9", stores.portfolio.portfolio_id), portfolio=stores.portfolio, key="D-9")
    )
    stores.cases.commit(other)

    from_, into = again(stores, case_id), again(stores, other.after.case_id)
    from_.hand_over(into, reference="mrg_1")
    stores.cases.commit(change_of(from_), change_of(into))

    assert stores.cases.open(other.after.case_id).papers == (a_paper(1, debt_id=debt.debt_id),)


def test_no_more_than_a_person_reads_and_of_debts_that_are_there(stores, case_id, monkeypatch):
    monkeypatch.setattr("chalicelib.domain.draft_papers.MOST_PAPERS", 1)
    draft = again(stores, case_id)
    with pytest.raises(DebtNotFound):
        draft.add_paper(a_paper(1, debt_id="deb_none"))
    with pytest.raises(PaperNotFound):
        draft.withdraw_paper("pap_1", "x")
    draft.add_paper(a_paper(1))
    with pytest.raises(BadField) as refused:
        draft.add_paper(a_paper(2))
    assert refused.value.details["reason"] == "too_many"
    assert creditor_paper.MOST_PAPERS == 200


def test_of_two_who_change_it_at_once_one_is_told(stores, case_id):
    one, two = again(stores, case_id), again(stores, case_id)
    one.add_paper(a_paper(1))
    two.add_paper(replace(a_paper(1), shown=False))
    commit(stores, one)
    with pytest.raises(CaseMoved):
        commit(stores, two)
    assert stores.cases.open(case_id).papers == (a_paper(1),)
