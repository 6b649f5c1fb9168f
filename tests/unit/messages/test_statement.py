"""The statement: everything owed, split, in the debtor's language, on paper that prints."""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain.draft import after
from chalicelib.messages import statement
from tests.builders import NOW, a_case, a_debt, change_of, moratory, reopened
from tests.printed import words_of
from tests.unit.messages.builders import identified, some_facts


def a_page(file, **values) -> str:
    portfolio = values.pop("portfolio", identified())
    known = some_facts(file, portfolio=portfolio, **values)
    return words_of(statement.render(file, known, made_at=NOW))


def test_it_splits_every_debt_and_adds_up() -> None:
    portfolio = identified()
    portfolio = replace(portfolio, policies=replace(portfolio.policies, moratory=moratory()))
    file = a_case(a_debt("F-1"), a_debt("F-2", due_on=date(2026, 11, 12)), portfolio=portfolio)
    draft = reopened(file, portfolio)
    draft.pay(30_000, paid_on=date(2026, 11, 20), source="manual", reference="R-77")
    file = after(file, change_of(draft))
    known = some_facts(file, portfolio=portfolio)

    said = words_of(statement.render(file, known, made_at=NOW))

    for row in known.debts:
        parts = (row.principal, row.interest, row.moratory, row.fees)
        assert sum(part.minor for part in parts) == row.total.minor
    assert sum(row.total.minor for row in known.debts) == known.total.minor
    total = f"${known.total.minor // 100:,}.{known.total.minor % 100:02d}"
    for shown in ("F-1", "F-2", total, "R-77", "Pago", "José Pérez Ñandú", "La Esquina"):
        assert shown in said, shown
    assert "Cobranza Amable" in said


@pytest.mark.parametrize(
    ("language", "title"), [("es", "Estado de cuenta"), ("en", "Account"), ("pt", "Extrato")]
)
def test_it_speaks_the_debtors_language(language: str, title: str) -> None:
    assert title in a_page(a_case(), language=language)


def test_who_owes_nothing_reads_that() -> None:
    file = a_case()
    draft = reopened(file)
    draft.pay(100_000, paid_on=date(2026, 11, 20), source="manual", reference="R-1")

    assert "No debe nada." in a_page(after(file, change_of(draft)))


def test_many_debts_run_over_pages_with_their_titles() -> None:
    file = a_case(*(a_debt(f"F-{number:03d}") for number in range(80)))

    said = a_page(file)

    assert said.count("Contrato\n") >= 2
    assert "F-000" in said
    assert "F-079" in said


def test_it_is_the_same_for_the_same_day_and_names_nobody_outside() -> None:
    file = a_case()
    known = some_facts(file)

    assert statement.render(file, known, made_at=NOW) == statement.render(file, known, made_at=NOW)
    assert statement.file_name(known) == "estado-de-cuenta-2026-11-22.pdf"


def test_letters_that_the_fonts_lack_do_not_stop_it() -> None:
    file = a_case(name="Łukasz 李 🙂 Núñez")

    assert "Núñez" in a_page(file)
