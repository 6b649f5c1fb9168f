"""Which modules of ours some of them need: what a package of few functions holds."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

OURS = ("chalicelib", "lake", "planner")


def modules(starts: Iterable[str], root: Path) -> dict[str, Path]:
    """
    Follow imports, those inside functions too, but those for type checkers alone.

    Returns:
        Where each module lies, packages as their ``__init__.py``.
    """
    found: dict[str, Path] = {}
    todo = list(starts)
    while todo:
        name = todo.pop()
        if name in found or (path := _path(name, root)) is None:
            continue
        found[name] = path
        if "." in name:
            todo.append(name.rpartition(".")[0])
        for module, part in imports(path):
            if module.partition(".")[0] in OURS:
                todo += [module, f"{module}.{part}"]
    return found


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """Give what a file imports: each module, and the name taken from it or nothing."""
    yield from _imports(ast.parse(path.read_text(encoding="utf-8")))


def _imports(node: ast.AST) -> Iterator[tuple[str, str]]:
    for part in ast.iter_child_nodes(node):
        match part:
            case ast.If(test=ast.Name(id="TYPE_CHECKING"), orelse=other):
                for one in other:
                    yield from _imports(one)
            case ast.Import(names=names):
                yield from ((one.name, "") for one in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from ((module, one.name) for one in names)
            case _:
                yield from _imports(part)


def _path(name: str, root: Path) -> Path | None:
    base = root.joinpath(*name.split("."))
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return path
    return None
