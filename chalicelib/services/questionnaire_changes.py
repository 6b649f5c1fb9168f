"""Questionnaires of a portfolio: made of a spreadsheet or edited, published, archived."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain import ids
from chalicelib.domain.errors import (
    BadField,
    FormForbidden,
    FormMoved,
    FormNotFound,
    FormWrongState,
)
from chalicelib.domain.people import Actor
from chalicelib.domain.questionnaire import CompiledForm, FormVersion, Questionnaire
from chalicelib.services.access import MANAGERS, Portfolios, known_portfolio, need_portfolio
from chalicelib.services.questionnaires import (
    XLSX,
    Files,
    Forms,
    SentFile,
    compiled_of,
    count,
    one,
    open_version,
)

MOST_FORMS = 100


def create(
    portfolio_id: str,
    sent: SentFile,
    *,
    key: str,
    actor: Actor,
    forms: Forms,
    portfolios: Portfolios,
    files: Files,
    now: datetime,
) -> Questionnaire:
    """
    Make a questionnaire of a spreadsheet: its first version, a draft.

    Args:
        key: Names the request; the same again makes nothing new.

    Raises:
        FormFileRefused: It makes none; with every cell that has to be corrected.
    """
    need_portfolio(actor, portfolio_id, *MANAGERS)
    known_portfolio(portfolio_id, portfolios)
    form_id = ids.derived_id("frm", portfolio_id, key)
    known = forms.get(portfolio_id, form_id)
    if known is not None:
        return known
    if len(forms.all(portfolio_id)) >= MOST_FORMS:
        raise BadField(field="forms", reason="too_long", most=MOST_FORMS)
    compiled = compiled_of(sent)
    form = Questionnaire(
        form_id=form_id,
        portfolio_id=portfolio_id,
        title=compiled["title"],
        languages=tuple(compiled["languages"]),
        questions=count(compiled["items"]),
        latest=0,
        published=0,
        archived=False,
        without_forbidden=False,
        created_at=now,
        updated_at=now,
        updated_by=actor.actor_id,
        revision=0,
    )
    return _added(form, compiled, sent, None, actor=actor, forms=forms, files=files, now=now)


def add_version(
    portfolio_id: str,
    form_id: str,
    sent: SentFile,
    *,
    revision: int,
    actor: Actor,
    forms: Forms,
    files: Files,
    now: datetime,
) -> Questionnaire:
    """
    Add a version made of a new spreadsheet; what is published stays until it is published.

    Raises:
        FormFileRefused: It makes none.
        FormMoved: Somebody else changed the questionnaire meanwhile.
    """
    form = _to_change(portfolio_id, form_id, revision, actor, forms)
    compiled = compiled_of(sent)
    return _added(form, compiled, sent, None, actor=actor, forms=forms, files=files, now=now)


def edit(
    portfolio_id: str,
    form_id: str,
    base: int,
    changes: Mapping[str, Any],
    *,
    revision: int,
    actor: Actor,
    forms: Forms,
    files: Files,
    now: datetime,
) -> Questionnaire:
    """
    Add a version that is version *base* with other texts, order or choices.

    Args:
        changes: As ``forms.editing.edited`` takes them.

    Raises:
        BadField: Something of it cannot be, by dotted path.
    """
    from chalicelib.forms.editing import edited

    form = _to_change(portfolio_id, form_id, revision, actor, forms)
    found = forms.version(portfolio_id, form_id, base)
    if found is None:
        raise FormNotFound(form_id=form_id, version=base)
    version, before = found
    compiled = edited(before, changes)
    return _added(form, compiled, None, version, actor=actor, forms=forms, files=files, now=now)


def publish(
    portfolio_id: str,
    form_id: str,
    number: int,
    *,
    without_forbidden: bool,
    revision: int,
    actor: Actor,
    forms: Forms,
    portfolios: Portfolios,
    now: datetime,
) -> Questionnaire:
    """
    Let agents fill a version from their next day on. Safe to repeat.

    Args:
        without_forbidden: Questions that the country forbids may be left out.

    Raises:
        FormForbidden: There are some, and it does not say so.
    """
    need_portfolio(actor, portfolio_id, *MANAGERS)
    form = one(portfolio_id, form_id, forms)
    if (form.published, form.without_forbidden) == (number, without_forbidden):
        return form
    form = _to_change(portfolio_id, form_id, revision, actor, forms)
    shown = open_version(form, number, forms, known_portfolio(portfolio_id, portfolios))
    if shown.forbidden and not without_forbidden:
        raise FormForbidden(questions=list(shown.forbidden))
    published = replace(
        form,
        published=number,
        without_forbidden=without_forbidden,
        title=shown.compiled["title"],
        questions=count(shown.compiled["items"]),
        languages=tuple(shown.compiled["languages"]),
    )
    return _saved(published, None, None, actor=actor, forms=forms, now=now)


def archive(
    portfolio_id: str,
    form_id: str,
    *,
    archived: bool,
    revision: int,
    actor: Actor,
    forms: Forms,
    now: datetime,
) -> Questionnaire:
    """Take it out of use, or back; visits that were filled with it keep it."""
    need_portfolio(actor, portfolio_id, *MANAGERS)
    form = one(portfolio_id, form_id, forms)
    if form.archived == archived:
        return form
    if form.revision != revision:
        raise FormMoved(revision=form.revision)
    return _saved(replace(form, archived=archived), None, None, actor=actor, forms=forms, now=now)


def _to_change(
    portfolio_id: str, form_id: str, revision: int, actor: Actor, forms: Forms
) -> Questionnaire:
    need_portfolio(actor, portfolio_id, *MANAGERS)
    form = one(portfolio_id, form_id, forms)
    if form.revision != revision:
        raise FormMoved(revision=form.revision)
    if form.archived:
        raise FormWrongState(state=form.state.value)
    return form


def _added(
    form: Questionnaire,
    compiled: CompiledForm,
    sent: SentFile | None,
    base: FormVersion | None,
    *,
    actor: Actor,
    forms: Forms,
    files: Files,
    now: datetime,
) -> Questionnaire:
    number = form.latest + 1
    original = base.original_key if base else ""
    if sent is not None:
        kind = "xlsx" if sent.content[:2] == b"PK" else "xls"
        # The digest keeps apart two files that were sent as the same version at once.
        original = (
            f"forms/{form.portfolio_id}/{form.form_id}/{number}-{compiled['digest'][:12]}.{kind}"
        )
        files.write(original, sent.content, content_type=XLSX)
    version = FormVersion(
        form_id=form.form_id,
        portfolio_id=form.portfolio_id,
        number=number,
        source="file" if sent else "panel",
        base=base.number if base else 0,
        filename=sent.filename if sent else base.filename if base else "",
        original_key=original,
        digest=compiled["digest"],
        title=compiled["title"],
        questions=count(compiled["items"]),
        made_at=now,
        made_by=actor.actor_id,
    )
    changed = replace(form, latest=number)
    if not form.published:
        changed = replace(
            changed,
            title=version.title,
            questions=version.questions,
            languages=tuple(compiled["languages"]),
        )
    return _saved(changed, version, compiled, actor=actor, forms=forms, now=now)


def _saved(
    form: Questionnaire,
    version: FormVersion | None,
    compiled: CompiledForm | None,
    *,
    actor: Actor,
    forms: Forms,
    now: datetime,
) -> Questionnaire:
    saved = replace(form, revision=form.revision + 1, updated_at=now, updated_by=actor.actor_id)
    if not forms.save(saved, version, compiled):
        raise FormMoved
    return saved
