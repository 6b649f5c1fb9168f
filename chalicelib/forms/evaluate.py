"""
Evaluate a parsed expression at a node of the filled form.

``frontend/src/core/forms/evaluate.js`` is its twin: both run
``tests/unit/forms/cases/expressions.json``.
"""

import math
import operator
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chalicelib.forms import library
from chalicelib.forms.expressions import Ast
from chalicelib.forms.tree import Node, list_tree, plain_label
from chalicelib.forms.values import Value, number_of, same, text_of, truth_of

Form = dict[str, Any]

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COUNT: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "div": library.divide,
    "mod": library.remainder,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """
    What a form may know beside its answers.

    Args:
        now: The phone's date, time and zone, ISO; ``today()`` is its date.
        language: Of labels that expressions ask for.
        presets: Answers that the case gives, by name of a hidden question.
        device: What the metadata questions take: ``deviceid``, ``username``, ``email``, ...
        saved: Answers of the last one filled, by name.
    """

    now: str
    language: str = ""
    presets: dict[str, str] = field(default_factory=dict)
    device: dict[str, str] = field(default_factory=dict)
    saved: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Here:
    """Where an expression stands: *origin* asks, *node* moves along paths and predicates."""

    origin: Node
    node: Node
    position: int = 1
    size: int = 1


class Evaluator:
    """
    Args:
        form: As ``compiling.compile_form`` gives it.
        root: Of the filled form; it stays the same one while answers change.
    """

    def __init__(self, form: Form, root: Node, surroundings: Surroundings) -> None:
        self.form = form
        self.root = root
        self.surroundings = surroundings
        self._lists: dict[str, Node] = {}

    def value(self, tree: Ast, origin: Node, node: Node | None = None) -> Value:
        """
        Evaluate *tree* for the question *origin*.

        Args:
            node: What ``.`` and bare names mean; a choice, in a choice filter.
        """
        return self._run(tree, _Here(origin, node or origin))

    def text(self, tree: Ast, origin: Node) -> str:
        return text_of(self.value(tree, origin))

    def truth(self, tree: Ast, origin: Node, node: Node | None = None) -> bool:
        return truth_of(self.value(tree, origin, node))

    def _run(self, tree: Ast, here: _Here) -> Value:  # noqa: PLR0911 - one return a kind
        head = tree[0]
        if head == "s":
            return str(tree[1])
        if head == "n":
            return float(tree[1])
        if head == "ref":
            return self._ref(tree[1], here.origin)
        if head == "path":
            return self._path(tree, here)
        if head == "call":
            return self._call(tree[1], tree[2:], here)
        if head == "and":
            return truth_of(self._run(tree[1], here)) and truth_of(self._run(tree[2], here))
        if head == "or":
            return truth_of(self._run(tree[1], here)) or truth_of(self._run(tree[2], here))
        if head == "neg":
            return -number_of(self._run(tree[1], here))
        if head == "saved":
            return self.surroundings.saved.get(str(tree[1]), "")
        one, other = self._run(tree[1], here), self._run(tree[2], here)
        if head in ("=", "!="):
            return same(one, other) is (head == "=")
        if head == "|":
            first = _nodes(one)
            return [*first, *(node for node in _nodes(other) if node not in first)]
        return _operated(str(head), one, other)

    def _ref(self, path: list[str], origin: Node, chosen: dict[int, int] | None = None) -> Value:
        """
        Find the nodes of a question: those of the same instances as *origin*, where they share.

        Args:
            path: Names from the root's child to the question.
            chosen: For ``indexed-repeat``: number of the instance by depth of the repeat.
        """
        chain = origin.chain()
        nodes, shared = [self.root], True
        for depth, name in enumerate(path):
            last = depth == len(path) - 1
            own = chain[depth + 1] if shared and depth + 1 < len(chain) else None
            found = [child for node in nodes for child in node.named(name)]
            if chosen and depth in chosen:
                found = found[chosen[depth] - 1 :][:1] if chosen[depth] >= 1 else []
                shared = False
            elif own is not None and own.name == name and not last:
                found = [own]
            else:
                shared = False
            nodes = found
        return [node for node in nodes if node.asked()]

    def _path(self, tree: Ast, here: _Here) -> list[Node]:
        start = tree[1]
        if start[0] == "here":
            nodes = [here.node]
        elif start[0] == "root":
            document = Node("", {}, None)
            document.children = [self.root]
            nodes = [document]
        else:
            nodes = _nodes(self._run(start, here))
        for axis, name, predicates in tree[2]:
            nodes = _step(nodes, axis, name)
            for predicate in predicates:
                nodes = self._filtered(nodes, predicate, here)
        return nodes

    def _filtered(self, nodes: list[Node], predicate: Ast, here: _Here) -> list[Node]:
        kept: list[Node] = []
        for number, node in enumerate(nodes, start=1):
            there = _Here(here.origin, node, number, len(nodes))
            value = self._run(predicate, there)
            counted = isinstance(value, float) and not isinstance(value, bool)
            if value == number if counted else truth_of(value):
                kept.append(node)
        return kept

    def _call(self, name: str, arguments: list[Ast], here: _Here) -> Value:  # noqa: PLR0911, PLR0912 - a table of functions that need more than values
        match name:
            case "if":
                return self._run(arguments[1 if self._holds(arguments[0], here) else 2], here)
            case "coalesce":
                first = text_of(self._run(arguments[0], here))
                return first or text_of(self._run(arguments[1], here))
            case "once":
                return here.origin.value or text_of(self._run(arguments[0], here))
            case "position":
                if not arguments:
                    return float(here.position)
                nodes = _nodes(self._run(arguments[0], here))
                return float(nodes[0].place()) if nodes else math.nan
            case "last":
                return float(here.size)
            case "current":
                return [here.origin]
            case "instance":
                return [self.list_of(arguments[0][1])]
            case "pulldata":
                return self._pulled(arguments, here)
            case "indexed-repeat":
                chosen = {
                    len(arguments[at][1]) - 1: _whole(self._run(arguments[at + 1], here))
                    for at in range(1, len(arguments), 2)
                }
                return self._ref(arguments[0][1], here.origin, chosen)
            case "jr:choice-name":
                name = text_of(self._run(arguments[0], here))
                return self._choice_label(arguments[1][1], name)
            case "today":
                return self.surroundings.now[:10]
            case "now":
                return self.surroundings.now
            case "uuid":
                return str(uuid.uuid4())
            case "random":
                return random.random()  # noqa: S311 - shuffles questions, guards nothing
        if not arguments and name in ("string", "number", "string-length", "normalize-space"):
            return library.FUNCTIONS[name]([text_of([here.node])])
        values = [self._run(argument, here) for argument in arguments]
        if name in ("format-date", "format-date-time"):
            return library.formatted(values[0], text_of(values[1]), self.surroundings.language)
        return library.FUNCTIONS[name](values)

    def _holds(self, tree: Ast, here: _Here) -> bool:
        return truth_of(self._run(tree, here))

    def list_of(self, name: str) -> Node:
        """Give the tree of a list of choices or of an attached table."""
        if name not in self._lists:
            self._lists[name] = list_tree(self.form["lists"].get(name, []))
        return self._lists[name]

    def _pulled(self, arguments: list[Ast], here: _Here) -> str:
        key = text_of(self._run(arguments[3], here))
        _, column, key_column = (argument[1] for argument in arguments[:3])
        for row in self.list_of(arguments[0][1]).children[0].children:
            if text_of(row.named(key_column)) == key:
                return text_of(row.named(column))
        return ""

    def _choice_label(self, list_name: str, name: str) -> str:
        for row in self.form["lists"].get(list_name, []):
            if row["name"] == name:
                return plain_label(row["label"], self.surroundings.language)
        return ""


def _step(nodes: list[Node], axis: str, name: str) -> list[Node]:
    if axis == "self":
        return nodes
    if axis == "parent":
        parents: list[Node] = []
        for node in nodes:
            if node.parent is not None and node.parent not in parents:
                parents.append(node.parent)
        return parents
    return [child for node in nodes for child in node.named(name) if child.asked()]


def _nodes(value: Value) -> list[Node]:
    return value if isinstance(value, list) else []


def _operated(head: str, one: Value, other: Value) -> Value:
    if head in _COMPARE:
        return _COMPARE[head](number_of(one), number_of(other))
    return _COUNT[head](number_of(one), number_of(other))


def _whole(value: Value) -> int:
    number = number_of(value)
    return int(number) if math.isfinite(number) else 0
