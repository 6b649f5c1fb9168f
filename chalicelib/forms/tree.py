"""The questionnaire as it is filled: a tree of nodes, one for each question, group, instance."""

from collections.abc import Iterator
from typing import Any


class Node:
    """
    Args:
        item: The compiled question, group or repeat; ``{}`` for a row of a list.
        value: The answer; of a group or a repeat's instance, ``""``.
    """

    __slots__ = ("children", "item", "name", "parent", "relevant", "value")

    def __init__(
        self, name: str, item: dict[str, Any], parent: "Node | None", value: str = ""
    ) -> None:
        self.name = name
        self.item = item
        self.parent = parent
        self.value = value
        self.children: list[Node] = []
        self.relevant = True

    def text(self) -> str:
        """The value that expressions see: none, where the question is not asked."""
        return self.value if self.asked() else ""

    def asked(self) -> bool:
        """Whether it and all it lies in are relevant."""
        node: Node | None = self
        while node is not None:
            if not node.relevant:
                return False
            node = node.parent
        return True

    def named(self, name: str) -> "list[Node]":
        return [child for child in self.children if name in ("*", child.name)]

    def add(self, name: str, item: dict[str, Any], value: str = "") -> "Node":
        child = Node(name, item, self, value)
        self.children.append(child)
        return child

    def chain(self) -> "list[Node]":
        """Itself and what it lies in, outermost first."""
        found: list[Node] = []
        node: Node | None = self
        while node is not None:
            found.append(node)
            node = node.parent
        return found[::-1]

    def place(self) -> int:
        """Its number among its like, from 1."""
        if self.parent is None:
            return 1
        return self.parent.named(self.name).index(self) + 1

    def walk(self) -> "Iterator[Node]":
        """Itself and all below, in the order of the form."""
        yield self
        for child in self.children:
            yield from child.walk()

    def path(self) -> str:
        """
        Where it is, with the numbers of repeats: ``kids[2]/age``.

        The root is left out.
        """
        return "/".join(
            f"{node.name}[{node.place()}]" if node.item.get("kind") == "repeat" else node.name
            for node in self.chain()[1:]
        )


def list_tree(rows: list[dict[str, Any]]) -> Node:
    """Make the tree that ``instance('list')`` gives: ``root/item/column``."""
    document = Node("", {}, None)
    root = document.add("root", {})
    for row in rows:
        row_tree(row, root)
    return document


def row_tree(row: dict[str, Any], parent: Node | None = None) -> Node:
    node = Node("item", {}, parent)
    if parent is not None:
        parent.children.append(node)
    node.add("name", {}, row["name"])
    node.add("label", {}, plain_label(row.get("label", "")))
    for column, value in row.get("columns", {}).items():
        node.add(column, {}, value)
    return node


def plain_label(label: Any, language: str = "") -> str:
    """Give a label's text in *language*, else in the first one there is."""
    if isinstance(label, dict):
        label = label.get(language) or next(iter(label.values()), "")
    return label if isinstance(label, str) else ""
