"""What is asked on a visit: answers of its form, and the result it came to."""

import pytest

from chalicelib.domain.errors import VisitInvalid
from chalicelib.domain.questionnaire import NO_SUCH_PHOTO
from tests.unit.services.test_visits import clashes
from tests.visit_world import PHOTO, Street


@pytest.fixture
def street():
    return Street()


class Forms:
    """One questionnaire whose question ``motivo`` may not be empty; version 2 is in use."""

    def problems(self, portfolio_id, report, language):
        if report.form.form_id != "frm_1":
            return None
        wrong = not report.form.answers.get("motivo")
        photo = report.form.answers.get("foto")
        lost = photo and photo not in {one.photo_id for one in report.photos}
        return [
            *[{"question": "motivo", "path": "motivo", "code": "answer.required"}] * wrong,
            *[{"question": "foto", "path": "foto", "code": NO_SUCH_PHOTO}] * bool(lost),
        ]

    def newest(self, portfolio_id, form_id):
        return 2


@pytest.mark.parametrize(
    ("form_id", "version", "code"),
    [("frm_1", 2, []), ("frm_1", 1, ["form.older"]), ("frm_9", 1, ["form.unknown"])],
)
def test_answers_are_held_against_the_version_they_were_filled_with(street, form_id, version, code):
    street.forms = Forms()

    visit = street.visit(
        form={"form_id": form_id, "version": version, "answers": {"motivo": "viaje"}}
    )

    assert clashes(visit) == code
    assert visit.report.form.answers == {"motivo": "viaje"}


def test_a_forbidden_answer_is_refused_by_its_question(street):
    street.forms = Forms()

    with pytest.raises(VisitInvalid) as refused:
        street.visit(form={"form_id": "frm_1", "version": 2, "answers": {}})

    assert refused.value.details["fields"] == [
        {"field": "form.answers.motivo", "reason": "answer.required", "question": "motivo"}
    ]


@pytest.mark.parametrize(("photo", "code"), [("pho_1", []), ("pho_2", ["form.no_such_photo"])])
def test_an_answer_whose_photo_is_not_there_is_told_and_the_rest_is_kept(street, photo, code):
    street.forms = Forms()
    answers = {"motivo": "viaje", "foto": photo}

    visit = street.visit(
        form={"form_id": "frm_1", "version": 2, "answers": answers}, photos=[PHOTO]
    )

    assert clashes(visit) == code
    assert visit.report.form.answers == answers
    assert ("result" in visit.findings.doubts) is bool(code)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"disposition": "message_left"}, []),
        ({"disposition": "gone_fishing"}, ["disposition.unknown"]),
        ({"disposition": "refuses"}, ["disposition.incomplete"]),
        ({"disposition": "refuses", "note": "Dice que no"}, []),
        ({"disposition": "nobody_home"}, ["disposition.incomplete"]),
        ({"disposition": "nobody_home", "photos": [PHOTO]}, []),
    ],
)
def test_a_result_is_held_to_the_portfolios_list(street, values, found):
    visit = street.visit(**values)

    assert clashes(visit) == found
    assert ("result" in visit.findings.doubts) is bool(found)
