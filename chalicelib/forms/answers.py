"""
Answers meet the form: what is asked, what is computed, what is wrong.

``Filling`` is the form while it is filled. The phone runs its twin,
``frontend/src/core/forms/filling.js``; here it judges what was received. Answers are nested as
the form is: ``{"question": "text", "group": {...}, "repeat": [{...}, ...]}``.
"""

from dataclasses import dataclass
from typing import Any

from chalicelib.forms import kinds
from chalicelib.forms.evaluate import Evaluator, Form, Surroundings
from chalicelib.forms.tree import Node, row_tree
from chalicelib.forms.values import number_of, text_of
from chalicelib.forms.wording import read_value

MAX_ROUNDS = 50
MAX_INSTANCES = 200
MAX_NODES = 20_000


@dataclass(frozen=True, slots=True)
class Problem:
    """
    Args:
        question: Its name, as the spreadsheet has it.
        path: Where it is, with the numbers of repeats: ``kids[2]/age``.
        code: A key of ``chalicelib/i18n/forms.*.json``.
    """

    question: str
    path: str
    code: str

    def plain(self) -> dict[str, str]:
        return {"question": self.question, "path": self.path, "code": self.code}


class Filling:
    """
    Args:
        form: As ``compiling.compile_form`` gives it.
        answers: As they came; they need not be right.
    """

    def __init__(self, form: Form, answers: Any, surroundings: Surroundings) -> None:
        self.form = form
        self.surroundings = surroundings
        self.root = Node(form["root"], {"kind": "group", "items": form["items"]}, None)
        self._shape: list[Problem] = []
        self._nodes = 0
        self._grow(self.root, answers if isinstance(answers, dict) else {})
        if not isinstance(answers, dict):
            self._shape.append(Problem(form["root"], "", "question.shape"))
        self._evaluator = Evaluator(form, self.root, surroundings)
        self.settle()

    def problems(self) -> list[Problem]:
        """Say what is wrong, in the order of the form; empty when the answers may be kept."""
        found = list(self._shape)
        for node in self.root.walk():
            code = self.wrong(node)
            if code is not None:
                found.append(Problem(node.name, node.path(), code))
        return found

    def answers(self) -> dict[str, Any]:
        """Give what is to be kept: what is asked and answered, and what is computed."""
        return _kept(self.root)

    def choices(self, node: Node) -> list[dict[str, Any]]:
        """Give the choices of a question as its filter leaves them."""
        item = node.item
        if "list_from" in item:
            values = self._evaluator.value(["ref", item["list_from"]], node)
            nodes = values if isinstance(values, list) else []
            return [{"name": n.text(), "label": {"default": n.text()}} for n in nodes if n.text()]
        rows: list[dict[str, Any]] = self.form["lists"][item["list"]]
        if "filter" not in item:
            return rows
        return [r for r in rows if self._evaluator.truth(item["filter"], node, row_tree(r))]

    def settle(self) -> None:
        """Compute what follows from the answers, until nothing changes."""
        for _ in range(MAX_ROUNDS):
            if not self._round():
                return

    def _round(self) -> bool:
        changed = False
        for node in list(self.root.walk()):
            asked = self._is_asked(node)
            changed |= asked != node.relevant
            node.relevant = asked
            changed |= self._compute(node) | self._count(node)
        return changed

    def _is_asked(self, node: Node) -> bool:
        if "forbidden" in node.item:
            return False
        return "relevant" not in node.item or self._evaluator.truth(node.item["relevant"], node)

    def _compute(self, node: Node) -> bool:
        """Set what is not typed: calculations, what the case gives, what cannot be changed."""
        item, value = node.item, node.value
        if "calculate" in item and "trigger" not in item:
            if "volatile" not in item or not value:
                result = self._evaluator.text(item["calculate"], node)
                value = "" if result == "NaN" else result
        elif item["kind"] == "hidden" and node.name in self.surroundings.presets:
            value = self.surroundings.presets[node.name]
        elif "read_only" in item and "trigger" not in item:
            value = self.default(node)
        changed = value != node.value
        node.value = value
        return changed

    def default(self, node: Node) -> str:
        """Give what a question starts with."""
        if "dynamic_default" in node.item:
            return self._evaluator.text(node.item["dynamic_default"], node)
        return str(node.item.get("default", ""))

    def _count(self, node: Node) -> bool:
        """Bring the repeats of *node* to the number that the form asks for."""
        changed = False
        for item in node.item.get("items", []):
            if "count" not in item:
                continue
            wanted = number_of(self._evaluator.value(item["count"], node))
            there = node.named(item["name"])
            missing = min(int(wanted) if wanted > 0 else 0, MAX_INSTANCES) - len(there)
            for _ in range(max(0, missing)):
                self.add(node, item["name"])
                changed = True
        return changed

    def add(self, node: Node, name: str) -> Node:
        """Add an instance of the repeat *name* to *node*, after those there are."""
        order = [item["name"] for item in node.item["items"]]
        place = order.index(name)
        made = Node(name, node.item["items"][place], node)
        before = [child for child in node.children if order.index(child.name) <= place]
        node.children.insert(len(before), made)
        self._grow(made, {})
        return made

    def _grow(self, node: Node, answers: dict[str, Any]) -> None:
        items = node.item.get("items", [])
        known = {item["name"] for item in items}
        for name in answers:
            if name not in known:
                self._shape.append(Problem(str(name), node.path(), "question.unknown"))
        for item in items:
            given = answers.get(item["name"])
            if item["kind"] == "repeat":
                self._grow_repeat(node, item, given)
            elif item["kind"] == "group":
                group = node.add(item["name"], item)
                if not isinstance(given, (dict, type(None))):
                    self._misshapen(group)
                self._grow(group, given if isinstance(given, dict) else {})
            else:
                self._nodes += 1
                leaf = node.add(item["name"], item)
                if isinstance(given, list) and all(isinstance(part, str) for part in given):
                    given = " ".join(given)
                if not isinstance(given, (str, type(None))):
                    self._misshapen(leaf)
                leaf.value = given if isinstance(given, str) else ""

    def _grow_repeat(self, node: Node, item: dict[str, Any], given: Any) -> None:
        instances = given if isinstance(given, list) else []
        if not isinstance(given, (list, type(None))) or len(instances) > MAX_INSTANCES:
            self._shape.append(Problem(item["name"], node.path(), "question.shape"))
            return
        for instance in instances:
            made = node.add(item["name"], item)
            if not isinstance(instance, dict):
                self._misshapen(made)
            if self._nodes > MAX_NODES:
                self._misshapen(made)
                return
            self._grow(made, instance if isinstance(instance, dict) else {})

    def _misshapen(self, node: Node) -> None:
        self._shape.append(Problem(node.name, node.path(), "question.shape"))

    def wrong(self, node: Node) -> str | None:  # noqa: PLR0911 - one return a reason
        """Say what is wrong with one answer, by code."""
        item = node.item
        kind = item["kind"]
        if kind in kinds.HOLDERS:
            return self._wrong_number(node)
        computed = "calculate" in item or "read_only" in item or kind == "hidden"
        if not node.asked():
            if node.value and not computed and kind != "metadata":
                return "question.forbidden" if "forbidden" in item else "question.not_asked"
            return None
        if not node.value:
            asks = kind not in ("note", "calculate", "hidden", "metadata")
            return "question.required" if asks and self._is_required(node) else None
        if kind in kinds.CHOICES and "calculate" not in item:
            names = {choice["name"] for choice in self.choices(node)}
            chosen = [node.value] if kind == "select_one" else node.value.split()
            if len(set(chosen)) < len(chosen) or not names.issuperset(chosen):
                return "question.not_a_choice"
        code = None if "calculate" in item else read_value(kind, node.value, item)
        if code is not None:
            return code
        if "constraint" in item and not self._evaluator.truth(item["constraint"], node):
            return "question.constraint"
        return None

    def _wrong_number(self, node: Node) -> str | None:
        """Refuse an instance more than the form asks for."""
        count = node.item.get("count")
        if count is None or node.parent is None or not node.asked():
            return None
        wanted = number_of(self._evaluator.value(count, node.parent))
        # A count that is not answered is NaN, and no comparison with it holds: none are wanted.
        most = wanted if wanted > 0 else 0
        return "question.too_many" if node.place() > most else None

    def _is_required(self, node: Node) -> bool:
        required = node.item.get("required", False)
        return required is True or (required is not False and self._evaluator.truth(required, node))

    def words(self, text: Any, node: Node) -> str:
        """Give a label or a message with the answers that it mentions."""
        if isinstance(text, str):
            return text
        return "".join(
            part if isinstance(part, str) else text_of(self._evaluator.value(part, node))
            for part in text
        )


def _kept(node: Node) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for child in node.children:
        if not child.asked():
            continue
        kind = child.item["kind"]
        if kind == "repeat":
            kept.setdefault(child.name, []).append(_kept(child))
        elif kind == "group":
            inside = _kept(child)
            if inside:
                kept[child.name] = inside
        elif child.value:
            kept[child.name] = child.value
    return kept
