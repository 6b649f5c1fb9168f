"""Answers of a visit meet the questionnaire that they were given to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.questionnaire import NO_SUCH_PHOTO
from chalicelib.domain.visit import Report, Visit
from chalicelib.forms import kinds
from chalicelib.forms.answers import Filling, Problem
from chalicelib.forms.evaluate import Surroundings
from chalicelib.forms.texts import reason
from chalicelib.forms.tree import Node, plain_label
from chalicelib.services.access import Portfolios
from chalicelib.services.questionnaires import Forms, within_the_law

LANGUAGES = ("es", "en", "pt")

#: The form or the version is not there: what was answered is kept as it came, unread.
UNKNOWN = "form.unknown"
#: Another version was published meanwhile: the answers are judged by their own.
OLDER = "form.older"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """
    Args:
        answers: What is to be kept: computed anew, what is not asked left out.
        refusals: ``question``, ``path``, ``code``, ``article`` (of a law, or empty), and by
            language the question's ``label`` and the ``text`` of what is wrong. Empty when the
            answers may be kept.
        lost: In the same way, the answers that name a photo the visit does not have. They are
            kept: what was answered beside them is right all the same.
        conflict: ``form.unknown``, ``form.older`` or empty: no reason to refuse a visit.
        title: Of the version; empty when it is not there.
        shown: The answers for people, as ``told`` writes them.
    """

    answers: dict[str, Any]
    refusals: tuple[dict[str, Any], ...] = ()
    lost: tuple[dict[str, Any], ...] = ()
    conflict: str = ""
    title: str = ""
    shown: tuple[dict[str, Any], ...] = ()


def check(
    portfolio: Portfolio,
    form_id: str,
    version: int,
    answers: Any,
    *,
    forms: Forms,
    at: datetime,
    files: frozenset[str] | None = None,
) -> Checked:
    """
    Judge answers by the version they were filled with, whatever is published now.

    What the case filled into hidden questions is taken as the phone had it: it may have moved
    since, and the answers were right then.

    Args:
        at: The phone's date and time with its zone: ``today()`` is its date.
        files: Names of the visit's photos; an answer that is a file is to be one of them. None
            when they are not known yet.
    """
    found = forms.version(portfolio.portfolio_id, form_id, version)
    if found is None:
        return Checked(answers=answers if isinstance(answers, dict) else {}, conflict=UNKNOWN)
    compiled = within_the_law(found[1], portfolio)
    now = at.isoformat(timespec="milliseconds")
    filling = Filling(compiled, answers, Surroundings(now=now))
    problems = filling.problems()
    told_already = {each.path for each in problems}
    lost = _lost_files(filling, files, told_already) if files is not None else []
    nodes = {node.path(): node for node in filling.root.walk()}
    current = forms.get(portfolio.portfolio_id, form_id)
    older = current is not None and current.published != version
    return Checked(
        answers=filling.answers(),
        refusals=tuple(_told(each, nodes.get(each.path), filling) for each in problems),
        lost=tuple(_told(each, nodes.get(each.path), filling) for each in lost),
        conflict=OLDER if older else "",
        title=found[0].title,
        shown=tuple(told(filling)),
    )


def told(filling: Filling) -> list[dict[str, Any]]:
    """
    Write the answers for people, in the order of the form.

    Returns:
        ``path``, ``kind``, ``label`` by language, ``value`` as kept, and ``words`` by language
        where the value is a choice's name.
    """
    lines = []
    for node in filling.root.walk():
        item = node.item
        kind = item.get("kind", "")
        if kind in kinds.HOLDERS or kind in ("metadata", "note", "hidden") or not node.asked():
            continue
        label = _labels(item.get("label", {}), filling, node)
        if not node.value or not any(label.values()):
            continue
        line: dict[str, Any] = {
            "path": node.path(),
            "kind": kind,
            "label": label,
            "value": node.value,
        }
        if kind in kinds.CHOICES:
            rows = {row["name"]: row for row in filling.choices(node)}
            chosen = [node.value] if kind == "select_one" else node.value.split()
            line["words"] = {
                code: ", ".join(
                    plain_label(rows[name]["label"], code) or name if name in rows else name
                    for name in chosen
                )
                for code in LANGUAGES
            }
        lines.append(line)
    return lines


def _lost_files(filling: Filling, files: frozenset[str], told_already: set[str]) -> list[Problem]:
    return [
        Problem(node.name, node.path(), NO_SUCH_PHOTO)
        for node in filling.root.walk()
        if node.item.get("kind") in kinds.MEDIA
        and node.asked()
        and node.value
        and node.value not in files
        and node.path() not in told_already
    ]


def _told(problem: Problem, node: Node | None, filling: Filling) -> dict[str, Any]:
    item: Mapping[str, Any] = node.item if node is not None else {}
    own = {
        "question.constraint": item.get("constraint_message"),
        "question.required": item.get("required_message"),
    }.get(problem.code)
    texts = {code: reason(problem.code, "", code) for code in LANGUAGES}
    if own and node is not None:
        texts = _labels(own, filling, node)
    return {
        "question": problem.question,
        "path": problem.path,
        "code": problem.code,
        "article": item.get("forbidden", ""),
        "label": _labels(item.get("label", {}), filling, node) if node is not None else {},
        "text": texts,
    }


def _labels(texts: Mapping[str, Any], filling: Filling, node: Node) -> dict[str, str]:
    """Say a text in each of our languages; in the form's own where it has no other."""
    default = texts.get(filling.form["default_language"]) or next(iter(texts.values()), "")
    return {code: filling.words(texts.get(code) or default, node) for code in LANGUAGES}


class Reception:
    """What the reception of visits asks about questionnaires."""

    def __init__(self, forms: Forms, portfolios: Portfolios) -> None:
        self._forms, self._portfolios = forms, portfolios

    def problems(
        self, portfolio_id: str, report: Report, language: str
    ) -> list[dict[str, str]] | None:
        """
        Say what is wrong with a report's answers, by the version they were filled with.

        Returns:
            ``question``, ``path``, ``code``, and in *language* the question's ``label`` and the
            ``text`` of what is wrong, with the ``article`` of a law that forbids it; None when
            there is no such version. Only ``NO_SUCH_PHOTO`` refuses nothing.
        """
        checked = self._checked(portfolio_id, report)
        if checked is None:
            return None
        return [
            {
                "question": one["question"],
                "path": one["path"],
                "code": one["code"],
                "label": one["label"].get(language, ""),
                "text": one["text"].get(language, ""),
                "article": one["article"],
            }
            for one in (*checked.refusals, *checked.lost)
        ]

    def newest(self, portfolio_id: str, form_id: str) -> int | None:
        """Give the version that is filled now; None when the form is not in use."""
        form = self._forms.get(portfolio_id, form_id)
        return form.published if form and form.published and not form.archived else None

    def answered(
        self, portfolio_id: str, visit: Visit, language: str
    ) -> list[dict[str, str]] | None:
        """Give ``question`` and ``answer`` of each, in words; None when the form is not known."""
        checked = self._checked(portfolio_id, visit.report)
        if checked is None:
            return None
        return [
            {
                "question": line["label"][language],
                "answer": line.get("words", {}).get(language) or line["value"],
            }
            for line in checked.shown
        ]

    def _checked(self, portfolio_id: str, report: Report) -> Checked | None:
        filled, portfolio = report.form, self._portfolios.get(portfolio_id)
        if filled is None or portfolio is None:
            return None
        checked = check(
            portfolio,
            filled.form_id,
            filled.version,
            filled.answers,
            forms=self._forms,
            at=report.finished_at.astimezone(ZoneInfo(portfolio.time_zone)),
            files=frozenset(photo.photo_id for photo in report.photos),
        )
        return None if checked.conflict == UNKNOWN else checked
