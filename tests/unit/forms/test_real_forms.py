"""Every real questionnaire loads and can be filled, or says where it cannot."""

import json

import pytest

from chalicelib.forms import kinds
from chalicelib.forms.answers import Filling
from chalicelib.forms.compiling import compile_form
from chalicelib.forms.errors import FormRefused
from chalicelib.forms.texts import said_in
from tests.shared import SHARED, needs_shared
from tests.unit.forms.books import surroundings

FOLDER = SHARED / "data" / "xlsforms"
INDEX = json.loads((FOLDER / "INDEX.json").read_text()) if FOLDER.is_dir() else []
ACCEPTED = [entry["file"] for entry in INDEX if entry["pyxform"] == "ok"]
REFUSED = [entry["file"] for entry in INDEX if entry["pyxform"] != "ok"]

# Refused for a reason of their own: tables that are not there, expressions that are none.
NOT_RUN = {
    "fieldtm_merged_xlsform.xlsx": ("attachment.missing", 10, "type"),
    "pyx_bug_UCL_Biomass_Plot_Form.xlsx": ("attachment.missing", 16, "type"),
    "pyx_bug_bad_calc.xlsx": ("expression.syntax", 2, "calculation"),
    "pyx_bug_xl_date_ambiguous.xlsx": ("expression.not_supported", 5, "choice_filter"),
    "pyx_example_pull_data.xlsx": ("attachment.missing", 2, "calculation"),
}
TABLES = {
    "fieldtm_merged_xlsform.xlsx": ["features.csv"],
    "pyx_example_pull_data.xlsx": ["fruits.csv"],
    "pyx_bug_UCL_Biomass_Plot_Form.xlsx": [
        "UCL_regions.csv", "UCL_districts.csv", "UCL_villages.csv", "ULC_Biomass_Plots.csv",
        "species_names.csv",
    ],
}  # fmt: skip
TABLE = b"name,label,region_id,district_id,village,plant_phase\n1,Uno,1,1,1,2022\nmango,Mango,,,,\n"

VALUES = {
    "text": ["Ana", "+52 55 1234 5678", "5512345678", "ana@example.com"],
    "integer": ["3", "250", "20"],
    "decimal": ["12.5", "2", "16", "250"],
    "date": ["2026-11-23", "2020-01-31"],
    "time": ["10:30"],
    "datetime": ["2026-11-22T10:30:00.000-06:00"],
    "geopoint": ["19.43 -99.13 0 5"],
    "geotrace": ["19.43 -99.13;19.44 -99.13"],
    "geoshape": ["1 1;1 2;2 2;1 1"],
    "barcode": ["7501031311309"],
    "acknowledge": ["OK"],
    "range": ["1", "5"],
} | {kind: ["archivo.jpg"] for kind in kinds.MEDIA}

pytestmark = needs_shared


def compiled(file, **more):
    return compile_form((FOLDER / file).read_bytes(), file, **more)


def fill(form):
    """Answer every question that is asked, as an agent would: in order, with what is allowed."""
    filling = Filling(form, {}, surroundings())
    for holder in list(filling.root.walk()):
        for item in holder.item.get("items", []):
            if item["kind"] == "repeat" and "count" not in item and holder.asked():
                filling.add(holder, item["name"])
    filling.settle()
    for _ in range(2):
        for node in list(filling.root.walk()):
            kind = node.item["kind"]
            if node.value or not node.asked() or "calculate" in node.item:
                continue
            values = VALUES.get(kind, [])
            if kind in kinds.CHOICES:
                values = [choice["name"] for choice in filling.choices(node)]
            for value in values:
                node.value = value
                if filling.wrong(node) is None:
                    break
            else:
                node.value = ""
            filling.settle()
    return filling


@pytest.mark.parametrize("file", [name for name in ACCEPTED if name not in NOT_RUN])
def test_a_real_form_can_be_filled(file):
    form = compiled(file)
    filling = fill(form)

    assert filling.problems() == []
    assert Filling(form, filling.answers(), surroundings()).problems() == []
    assert bool(filling.answers()) == (form["items"] != [])


@pytest.mark.parametrize("file", sorted(NOT_RUN))
def test_what_we_do_not_support_is_refused_in_its_cell(file):
    with pytest.raises(FormRefused) as caught:
        compiled(file)

    error = caught.value
    assert (error.code, error.row, error.column) == NOT_RUN[file]
    assert error.sheet == "survey"


@pytest.mark.parametrize("file", sorted(TABLES))
def test_with_its_tables_beside_it_it_can_be_filled(file):
    filling = fill(compiled(file, attachments=dict.fromkeys(TABLES[file], TABLE)))

    assert filling.problems() == []


@pytest.mark.parametrize("file", REFUSED)
def test_what_pyxform_refuses_is_refused_with_sheet_row_and_column(file):
    with pytest.raises(FormRefused) as caught:
        compiled(file)

    error = caught.value
    assert error.sheet in ("survey", "choices")
    assert error.row is not None
    assert error.column
    assert error.code in said_in("es")


def test_the_share_that_works(record_property):
    works = [name for name in ACCEPTED if name not in NOT_RUN]
    said = (
        f"{len(works)} of {len(ACCEPTED)} forms that pyxform accepts can be filled; "
        f"{len(works) + len(TABLES)} with their tables beside them"
    )
    record_property("share", said)
    print(said)

    assert len(works) / len(ACCEPTED) >= 0.78


def test_what_pyxform_gives_is_as_we_read_it():
    """``_pyxform`` is private: when it changes, this says so before a form is misread."""
    from pyxform.xls2xform import convert

    converted = convert(str(FOLDER / "xf_cascading_select.xlsx"), validate=False)._pyxform

    assert {"name", "title", "id_string", "children", "choices", "default_language"} <= set(
        converted
    )
    county = converted["children"][1]
    assert (county["type"], county["itemset"]) == ("select one", "counties")
    assert county["choice_filter"] == "state=${selected_state}"
    assert converted["choices"]["counties"][0]["state"] == "washington"
