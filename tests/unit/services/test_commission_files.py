"""The team's month as a workbook: figures that add up, for those who may see them."""

import io
from dataclasses import replace

import pytest
from python_calamine import CalamineWorkbook

from chalicelib.domain.commission import CommissionRules, Rate
from chalicelib.domain.errors import BadField, PortfolioNotFound
from chalicelib.services import commission_files, commissions
from tests.queue_world import ANA, BOSS, LUIS, TODAY
from tests.unit.services.test_boards import STRANGER, Office

RULES = CommissionRules(
    from_month="2026-11",
    rates=(Rate(up_to_days=5, ppm=90_000), Rate(up_to_days=30, ppm=42_500)),
)


class Files:
    def __init__(self):
        self.written = {}

    def write(self, key, body, *, content_type):
        assert content_type == commission_files.XLSX
        self.written[key] = body

    def link(self, key, *, filename, expires_s):
        assert expires_s == commission_files.LINK_EXPIRES_S
        return f"https://files.test/{key}?as={filename}"


@pytest.fixture
def office():
    made = Office()
    policies = replace(made.portfolio.policies, commission=(RULES,))
    made.portfolio = replace(made.portfolio, policies=policies)
    made.board_means = replace(made.board_means, portfolios=made.portfolios)
    for number, minor, actor in ((1, 50_010, ANA), (2, 20_020, LUIS)):
        case_id = made.called(number, "undecided", actor)
        made.change(
            case_id,
            lambda draft, minor=minor, number=number: draft.pay(
                minor, paid_on=TODAY, source="bank", reference=str(number)
            ),
        )
    return made


def sheets(office, actor=BOSS, month="2026-11", language="es"):
    files = Files()
    url = commission_files.file_link(
        "prt_test",
        month,
        file_id="fil_1",
        language=language,
        actor=actor,
        means=office.board_means,
        cases=office.cases,
        files=files,
    )
    assert url == f"https://files.test/figures/prt_test/fil_1.xlsx?as=comisiones-{month}.xlsx"
    book = CalamineWorkbook.from_filelike(io.BytesIO(files.written["figures/prt_test/fil_1.xlsx"]))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def test_each_person_and_all_of_them_have_a_line_of_figures(office):
    lines, about = sheets(office)

    assert lines[0] == [
        "Persona",
        "Equipo",
        "Pagos",
        "Cobrado",
        "Meta del mes",
        "Por la meta cuenta",
        "Hasta 5 días (9%) · Cobrado",
        "Hasta 5 días (9%) · Comisión",
        "Hasta 30 días (4.25%) · Cobrado",
        "Hasta 30 días (4.25%) · Comisión",
        "Más tarde (0%) · Cobrado",
        "Más tarde (0%) · Comisión",
        "Comisión",
    ]
    own = {
        row["person"]["name"]: row
        for row in commissions.of_team(
            "prt_test", "2026-11", actor=BOSS, means=office.board_means, cases=office.cases
        )["rows"]
    }
    for line in lines[1:-1]:
        row = own.pop(line[0])
        assert (line[2], line[3], line[5]) == (1, row["collected_minor"] / 100, 1)
        assert (line[8], line[9]) == (line[3], line[12])
        assert line[12] == row["earned_minor"] / 100
    assert own == {}
    total = lines[-1]
    assert (total[0], total[2], total[3], total[5]) == ("Total", 2, 700.3, "")
    assert total[12] == pytest.approx(sum(line[12] for line in lines[1:-1]))
    assert about[0][0] == "Comisiones de 2026-11"
    assert ["Reglas desde", "2026-11"] in about


def test_it_is_in_the_language_of_who_asks_and_an_agent_has_the_own_line_alone(office):
    (head, own), _ = sheets(office, actor=LUIS, language="pt")

    assert (head[0], head[3], head[10]) == ("Pessoa", "Cobrado", "Mais tarde (0%) · Cobrado")
    assert own[3] == 200.2
    with pytest.raises(PortfolioNotFound):
        sheets(office, actor=STRANGER)


def test_an_amount_that_is_not_told_leaves_the_sum_out_and_says_so(office, monkeypatch):
    case_id = next(iter(office.cases.files))
    office.change(case_id, lambda d: d.pay(100, paid_on=TODAY, source="bank", reference="3"))
    monkeypatch.setattr(commissions, "PAGE", 1)
    monkeypatch.setattr(commissions, "MOST_LINES", 1)

    lines, about = sheets(office)

    assert sorted(line[3] == "" for line in lines[1:]) == [False, True, True]
    assert lines[-1][3:] == [""] * (len(lines[0]) - 3)
    assert any("demasiados pagos" in line[0] for line in about)


def test_everybody_is_in_it_however_few_an_answer_has_and_too_many_are_refused(office, monkeypatch):
    whole = sheets(office)
    monkeypatch.setattr(commissions, "PEOPLE_AT_ONCE", 1)
    assert sheets(office) == whole

    monkeypatch.setattr(commission_files, "MOST_PEOPLE", 1)
    with pytest.raises(BadField) as refused:
        sheets(office)
    assert refused.value.details["reason"] == "too_many"


def test_a_month_without_rules_says_that_there_is_nothing(office):
    lines, about = sheets(office, month="2026-10")

    assert len(lines) == 1
    assert any("nada que contar" in line[0] for line in about)
    with pytest.raises(BadField):
        sheets(office, month="2026-13")
