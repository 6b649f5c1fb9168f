"""Questionnaires: sent, published within the law, answered, judged by their own version."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.errors import (
    FormFileRefused,
    FormForbidden,
    FormMoved,
    FormWrongState,
    NotAllowed,
)
from chalicelib.domain.people import Actor, Role
from chalicelib.services import form_answers, questionnaire_changes, questionnaires
from chalicelib.services.questionnaires import SentFile
from tests.builders import NOW, a_portfolio
from tests.contact_world import OnePortfolio
from tests.form_fakes import MemoryFiles, MemoryForms
from tests.unit.forms.books import book, question

ANA = Actor(actor_id="user:ana", role=Role.SUPERVISOR, portfolios=("prt_test",))
AGENT = Actor(actor_id="user:luis", role=Role.AGENT, portfolios=("prt_test",))
AT = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
SURVEY = [
    question("select_one si_no", "paga", required="yes") | {"label": "¿Propone pagar?"},
    question("decimal", "monto", relevant="${paga} = 'si'", constraint=". > 0")
    | {"label": "¿Cuánto?", "constraint_message": "Más de cero"},
    question("image", "foto"),
]
CHOICES = [
    {"list_name": "si_no", "name": "si", "label": "Sí"},
    {"list_name": "si_no", "name": "no", "label": "No"},
]
WHY = question("text", "motivo_no_pago") | {"label": "¿Por qué no pagó?"}
SETTINGS = {"form_title": "Visita", "default_language": "es"}


def sent(survey=SURVEY, choices=CHOICES) -> SentFile:
    return SentFile(filename="visita.xlsx", content=book(survey, choices, SETTINGS), tables={})


class World:
    def __init__(self, country="MX"):
        self.forms, self.files = MemoryForms(), MemoryFiles()
        self.portfolio = a_portfolio(country=country)
        self.portfolios = OnePortfolio(self.portfolio)

    def create(self, file=None, *, key="k", actor=ANA):
        return questionnaire_changes.create(
            "prt_test",
            file or sent(),
            key=key,
            actor=actor,
            forms=self.forms,
            portfolios=self.portfolios,
            files=self.files,
            now=NOW,
        )

    def add(self, form, file=None, *, revision=None):
        return questionnaire_changes.add_version(
            "prt_test",
            form.form_id,
            file or sent(),
            revision=revision or form.revision,
            actor=ANA,
            forms=self.forms,
            files=self.files,
            now=NOW,
        )

    def edit(self, form, **changes):
        return questionnaire_changes.edit(
            "prt_test",
            form.form_id,
            form.latest,
            changes,
            revision=form.revision,
            actor=ANA,
            forms=self.forms,
            files=self.files,
            now=NOW,
        )

    def publish(self, form, number=1, *, without_forbidden=False):
        return questionnaire_changes.publish(
            "prt_test",
            form.form_id,
            number,
            without_forbidden=without_forbidden,
            revision=form.revision,
            actor=ANA,
            forms=self.forms,
            portfolios=self.portfolios,
            now=NOW,
        )

    def archive(self, form, *, archived=True):
        return questionnaire_changes.archive(
            "prt_test",
            form.form_id,
            archived=archived,
            revision=form.revision,
            actor=ANA,
            forms=self.forms,
            now=NOW,
        )

    def check(self, form, answers, version=1, **more):
        return form_answers.check(
            self.portfolio, form.form_id, version, answers, forms=self.forms, at=AT, **more
        )


@pytest.fixture
def world():
    return World()


def test_a_spreadsheet_becomes_a_draft_whose_original_is_kept(world):
    form = world.create()

    assert (form.title, form.state, form.latest, form.published) == ("Visita", "draft", 1, 0)
    assert (form.questions, form.languages) == (3, ("es",))
    [version] = world.forms.versions("prt_test", form.form_id)
    assert (version.source, version.filename) == ("file", "visita.xlsx")
    assert world.files.kept[version.original_key].startswith(b"PK")
    link = questionnaires.original_link(
        "prt_test", form.form_id, 1, actor=ANA, forms=world.forms, files=world.files
    )
    assert version.original_key in link["url"]


def test_the_same_request_again_makes_no_second_one(world):
    assert world.create() == world.create()
    assert len(world.forms.all("prt_test")) == 1
    assert world.create(key="other") != world.create()


def test_a_refusal_names_every_cell_in_three_languages(world):
    wrong = [
        *SURVEY,
        question("integer", "edad", constraint=". > nada("),
        question("text", "otra", relevant="pulldata('x', 'a', 'b', 'c') = 1"),
    ]

    with pytest.raises(FormFileRefused) as caught:
        world.create(sent(wrong))

    [first, second] = caught.value.details["problems"]
    assert (first["sheet"], first["row"], first["column"], first["question"]) == (
        "survey",
        5,
        "constraint",
        "edad",
    )
    assert (second["row"], second["column"]) == (6, "relevant")
    assert set(first["text"]) == {"es", "en", "pt"}
    assert world.forms.all("prt_test") == []
    assert world.files.kept == {}


def test_agents_look_at_questionnaires_and_change_none(world):
    form = world.create()

    assert questionnaires.listed("prt_test", actor=AGENT, forms=world.forms) == [form]
    with pytest.raises(NotAllowed):
        world.create(key="x", actor=AGENT)


def test_what_is_published_stays_until_another_version_is(world):
    form = world.publish(world.create())
    changed = world.add(form, sent([*SURVEY, question("text", "nota")]))

    assert (changed.latest, changed.published, changed.questions) == (2, 1, 3)
    assert questionnaires.asked("prt_test", world.forms) == {form.form_id: 1}

    again = world.publish(changed, 2)

    assert (again.published, again.questions) == (2, 4)
    assert world.publish(again, 2) == again


def test_who_changes_what_somebody_else_changed_is_told(world):
    form = world.create()
    world.publish(form)

    with pytest.raises(FormMoved):
        world.add(form)


def test_an_archived_one_is_asked_no_more_and_comes_back(world):
    form = world.archive(world.publish(world.create()))

    assert (form.state, questionnaires.asked("prt_test", world.forms)) == ("archived", {})
    with pytest.raises(FormWrongState):
        world.add(form)
    assert world.archive(form, archived=False).state == "published"


def test_texts_changed_on_the_panel_are_a_version_of_their_own(world):
    form = world.create()

    changed = world.edit(form, questions=[{"path": ["paga"], "label": {"en": "Will they pay?"}}])

    assert (changed.latest, changed.languages) == (2, ("es", "en"))
    newest, first = world.forms.versions("prt_test", form.form_id)
    assert (newest.source, newest.base, newest.original_key) == ("panel", 1, first.original_key)
    before = world.forms.version("prt_test", form.form_id, 1)[1]
    assert before["items"][0]["label"] == {"es": "¿Propone pagar?"}


def test_colombia_publishes_no_question_why_but_by_leaving_it_out():
    world = World("CO")
    form = world.create(sent([*SURVEY, WHY]))

    with pytest.raises(FormForbidden) as caught:
        world.publish(form)

    [asked] = caught.value.details["questions"]
    assert asked == {
        "question": "motivo_no_pago",
        "row": 5,
        "topic": "reason_for_default",
        "article": "Ley 2300/2023 art. 7",
    }
    published = world.publish(form, without_forbidden=True)
    [phone] = questionnaires.for_phones(
        world.portfolio, questionnaires.asked("prt_test", world.forms), world.forms
    )
    assert (phone["form_id"], phone["version"]) == (published.form_id, 1)
    assert phone["compiled"]["items"][-1]["forbidden"] == "Ley 2300/2023 art. 7"
    refused = world.check(published, {"paga": "no", "motivo_no_pago": "Perdió su empleo"})
    assert [(r["question"], r["code"], r["article"]) for r in refused.refusals] == [
        ("motivo_no_pago", "question.forbidden", "Ley 2300/2023 art. 7")
    ]
    assert World("MX").create(sent([*SURVEY, WHY])).state == "draft"


def test_the_law_is_that_of_the_portfolio(world):
    form = world.create(sent([*SURVEY, WHY]))

    assert world.publish(form).published == 1


def test_right_answers_are_kept_and_can_be_read_by_people(world):
    form = world.publish(world.create())

    checked = world.check(form, {"paga": "si", "monto": "150.50"})

    assert (checked.refusals, checked.conflict, checked.title) == ((), "", "Visita")
    assert checked.answers == {"paga": "si", "monto": "150.50"}
    assert [(line["label"]["es"], line["value"]) for line in checked.shown] == [
        ("¿Propone pagar?", "si"),
        ("¿Cuánto?", "150.50"),
    ]
    assert checked.shown[0]["words"]["es"] == "Sí"


def test_a_wrong_answer_is_refused_by_its_question_in_words(world):
    form = world.publish(world.create())

    [refused] = world.check(form, {"paga": "si", "monto": "-1"}).refusals

    assert (refused["question"], refused["code"]) == ("monto", "question.constraint")
    assert refused["label"]["es"] == "¿Cuánto?"
    assert refused["text"]["pt"] == "Más de cero"


def test_answers_are_judged_by_the_version_they_were_filled_with(world):
    form = world.publish(world.create())
    strict = world.add(form, sent([*SURVEY, question("text", "nota", required="yes")]))
    world.publish(strict, 2)

    old, new = world.check(form, {"paga": "no"}), world.check(form, {"paga": "no"}, version=2)

    assert (old.refusals, old.conflict) == ((), form_answers.OLDER)
    assert ([r["question"] for r in new.refusals], new.conflict) == (["nota"], "")


def test_an_unknown_version_loses_no_answer(world):
    form = world.create()

    checked = world.check(form, {"paga": "no", "x": "y"}, version=9)

    assert checked == form_answers.Checked(
        answers={"paga": "no", "x": "y"}, conflict=form_answers.UNKNOWN
    )


def test_a_picture_must_be_among_those_of_the_visit(world):
    form = world.publish(world.create())
    answers = {"paga": "no", "foto": "pho_1"}

    lost = world.check(form, answers, files=frozenset({"pho_2"}))

    assert world.check(form, answers, files=frozenset({"pho_1"})).refusals == ()
    assert lost.refusals == ()
    assert lost.answers["foto"] == "pho_1"
    assert [(r["path"], r["code"]) for r in lost.lost] == [("foto", "question.no_such_photo")]
