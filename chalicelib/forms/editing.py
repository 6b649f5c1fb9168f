"""
Change what a compiled questionnaire says, without its spreadsheet: texts, order, choices.

Logic stays as the author wrote it. A text may mention answers as the sheet does: ``${monto}``.
"""

import copy
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from chalicelib.domain.errors import BadField
from chalicelib.forms import topics
from chalicelib.forms.compiling import languages_of

Item = dict[str, Any]

MAX_TEXT = 4_000
MAX_CHOICES = 2_000
CHOICE_NAME = re.compile(r"[^\s'\"]{1,80}")
_MENTION = re.compile(r"\$\{\s*([^}\s]+)\s*\}")
_TEXTS = ("label", "hint", "required_message", "constraint_message")


def edited(form: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """
    Give *form* with *changes*; *form* stays as it is.

    Args:
        changes: ``title``; ``questions``: each with its ``path`` (names from the root) and any of
            ``label``, ``hint``, ``required_message``, ``constraint_message`` (by language; blank
            takes a text away) and ``required``; ``order``: a group's or repeat's ``path`` and the
            ``names`` in it, in the new order; ``lists``: the choices of a list, in their order,
            each with ``name`` and ``label``.

    Raises:
        BadField: What is not there, or cannot be, by dotted path.
    """
    made: dict[str, Any] = copy.deepcopy(dict(form))
    paths = _paths(made["items"])
    if changes.get("title"):
        made["title"] = str(changes["title"]).strip()[:200] or made["title"]
    for index, change in enumerate(changes.get("questions", [])):
        where = f"questions.{index}"
        path = tuple(change["path"])
        item = paths.get(path)
        if item is None:
            raise BadField(field=f"{where}.path", reason="unknown")
        _texts(item, change, path, paths, where)
        if "required" in change:
            _required(item, bool(change["required"]), where)
    for index, order in enumerate(changes.get("order", [])):
        _reorder(made, paths, order, f"order.{index}")
    for name, choices in changes.get("lists", {}).items():
        _choices(made, name, choices)
    made["languages"] = languages_of(made)
    made.pop("digest", None)
    kept = {key: value for key, value in made.items() if key not in ("version", "warnings")}
    made["digest"] = hashlib.sha256(
        json.dumps(kept, sort_keys=True, ensure_ascii=False).encode()
    ).hexdigest()
    made["version"] = made["digest"][:12]
    topics.mark(made)
    return made


def _paths(items: list[Item], above: tuple[str, ...] = ()) -> dict[tuple[str, ...], Item]:
    found: dict[tuple[str, ...], Item] = {}
    for item in items:
        path = (*above, item["name"])
        found[path] = item
        found |= _paths(item.get("items", []), path)
    return found


def _texts(
    item: Item,
    change: Mapping[str, Any],
    path: tuple[str, ...],
    paths: Mapping[tuple[str, ...], Item],
    where: str,
) -> None:
    for key in _TEXTS:
        for language, text in (change.get(key) or {}).items():
            said = _said(str(text), path, paths, f"{where}.{key}.{language}")
            if said:
                item.setdefault(key, {})[language] = said
            else:
                item.get(key, {}).pop(language, None)
        if item.get(key) == {}:
            del item[key]
    if "label" in change and "label" not in item and item["kind"] != "group":
        raise BadField(field=f"{where}.label", reason="missing")


def _said(
    text: str, path: tuple[str, ...], paths: Mapping[tuple[str, ...], Item], where: str
) -> str | list[Any]:
    """Take a text apart where it mentions answers: of questions of one name, the nearest."""
    text = text.strip()
    if len(text) > MAX_TEXT:
        raise BadField(field=where, reason="too_long", most=MAX_TEXT)
    if not _MENTION.search(text):
        return text
    parts: list[Any] = []
    at = 0
    for match in _MENTION.finditer(text):
        meant = [each for each in paths if each[-1] == match[1]]
        if not meant:
            raise BadField(field=where, reason="unknown", value=match[0])
        nearest = max(meant, key=lambda each: _shared(each, path))
        parts += [text[at : match.start()], ["ref", list(nearest)]]
        at = match.end()
    return [part for part in (*parts, text[at:]) if part != ""]


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _required(item: Item, required: bool, where: str) -> None:
    if required and item["kind"] in ("group", "repeat", "note", "calculate", "hidden", "metadata"):
        raise BadField(field=f"{where}.required", reason="not_one_of")
    if required:
        item["required"] = True
    else:
        item.pop("required", None)


def _reorder(
    form: dict[str, Any],
    paths: Mapping[tuple[str, ...], Item],
    order: Mapping[str, Any],
    where: str,
) -> None:
    path = tuple(order["path"])
    holder: Item | None = form if not path else paths.get(path)
    if holder is None or "items" not in holder:
        raise BadField(field=f"{where}.path", reason="unknown")
    by_name = {item["name"]: item for item in holder["items"]}
    if sorted(order["names"]) != sorted(by_name):
        raise BadField(field=f"{where}.names", reason="not_a_permutation")
    holder["items"] = [by_name[name] for name in order["names"]]


def _choices(form: dict[str, Any], name: str, choices: list[Mapping[str, Any]]) -> None:
    where = f"lists.{name}"
    before = {choice["name"]: choice for choice in form["lists"].get(name, [])}
    if name not in form["lists"]:
        raise BadField(field=where, reason="unknown")
    if not choices:
        raise BadField(field=where, reason="missing")
    if len(choices) > MAX_CHOICES:
        raise BadField(field=where, reason="too_long", most=MAX_CHOICES)
    made: dict[str, Item] = {}
    for index, choice in enumerate(choices):
        at = f"{where}.{index}"
        key = str(choice["name"])
        if key in made:
            raise BadField(field=f"{at}.name", reason="repeated")
        if not CHOICE_NAME.fullmatch(key):
            raise BadField(field=f"{at}.name", reason="bad_format")
        label = {
            code: text.strip()[:MAX_TEXT]
            for code, text in choice["label"].items()
            if isinstance(text, str) and text.strip()
        }
        # A text that mentions answers is no plain string: it stays as the sheet had it.
        kept = {
            code: text
            for code, text in before.get(key, {}).get("label", {}).items()
            if not isinstance(text, str)
        }
        if not label | kept:
            raise BadField(field=f"{at}.label", reason="missing")
        made[key] = {**before.get(key, {}), "name": key, "label": label | kept}
    gone = before.keys() - made.keys()
    if used := gone & _literals(form["items"]):
        # A condition asks for it: without it the condition could never hold.
        raise BadField(field=where, reason="in_use", choices=sorted(used))
    form["lists"][name] = list(made.values())


def _literals(tree: Any) -> set[str]:
    """The words that the expressions of a form compare with."""
    if isinstance(tree, dict):
        return set().union(*(_literals(value) for value in tree.values()))
    if not isinstance(tree, list):
        return set()
    if len(tree) == 2 and tree[0] == "s":
        return set(str(tree[1]).split())
    return set().union(*(_literals(part) for part in tree))
