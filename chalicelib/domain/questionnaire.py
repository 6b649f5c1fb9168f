"""Questionnaires of a portfolio: versions that never change, one of them published."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

CompiledForm = dict[str, Any]

#: An answer names a photo that its visit does not have: told, and no reason to refuse a visit.
NO_SUCH_PHOTO = "question.no_such_photo"


class FormState(StrEnum):
    DRAFT = "draft"  # no version was published yet
    PUBLISHED = "published"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """
    Args:
        form_id: Ours, ``frm_`` + sortable id; the author's own name of it is in the versions.
        latest: Number of the newest version, from 1.
        published: Number of the version that agents fill; 0 = none yet.
        without_forbidden: Whoever published it agreed that questions the country forbids are
            left out.
        revision: Grows by one with every change; writers condition on it.
    """

    form_id: str
    portfolio_id: str
    title: str
    languages: tuple[str, ...]
    questions: int
    latest: int
    published: int
    archived: bool
    without_forbidden: bool
    created_at: datetime
    updated_at: datetime
    updated_by: str
    revision: int = 1

    @property
    def state(self) -> FormState:
        if self.archived:
            return FormState.ARCHIVED
        return FormState.PUBLISHED if self.published else FormState.DRAFT


@dataclass(frozen=True, slots=True, kw_only=True)
class FormVersion:
    """
    One version: what a visit that was filled with it is judged by, for ever.

    Args:
        source: ``file`` (a spreadsheet) or ``panel`` (edited from version ``base``).
        original_key: The spreadsheet among the uploads; that of its base for one edited.
        digest: Of the compiled form.
    """

    form_id: str
    portfolio_id: str
    number: int
    source: str
    base: int
    filename: str
    original_key: str
    digest: str
    title: str
    questions: int
    made_at: datetime
    made_by: str
