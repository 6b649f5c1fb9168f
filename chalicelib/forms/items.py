"""Compile the questions, groups and repeats of a form, and say where one cannot be."""

import re
from typing import Any

from chalicelib.forms import kinds
from chalicelib.forms.errors import BadExpression, FormRefused
from chalicelib.forms.expressions import Ast, calls, parse
from chalicelib.forms.functions import VOLATILE
from chalicelib.forms.languages import by_code
from chalicelib.forms.sheets import Rows, Workbook

Element = dict[str, Any]
Path = list[str]

MOST_REFUSALS = 50
_MENTION = re.compile(r"\$\{\s*([^}\s]+)\s*\}")
_YES, _NO = {"yes", "true", "true()"}, {"no", "false", "false()", ""}
_UNHEARD = {"audit", "xml-external", "csv-external"}

# What pyxform calls a column, as authors write it.
_COLUMNS = {
    "relevant": ("relevant", "relevance", "bind"),
    "constraint": ("constraint", "bind"),
    "calculate": ("calculation", "calculate", "bind"),
    "required": ("required", "bind"),
    "readonly": ("read_only", "readonly", "bind"),
    "filter": ("choice_filter",),
    "count": ("repeat_count", "count", "jr"),
    "default": ("default",),
    "label": ("label", "caption"),
    "hint": ("hint",),
    "guidance": ("guidance_hint",),
    "required_message": ("required_message", "requiredmsg"),
    "constraint_message": ("constraint_message", "constraining_message"),
    "type": ("type", "command"),
    "trigger": ("trigger",),
    "appearance": ("appearance", "control"),
}


class Items:
    """
    Args:
        survey: pyxform's form, before it becomes XML.
        lists: Choices by list; those of attached tables included.
        default: The form's default language, as written.
        attached: Lists that came as attachments.
    """

    def __init__(
        self,
        survey: Element,
        workbook: Workbook,
        lists: dict[str, list[dict[str, Any]]],
        default: str,
        attached: set[str],
    ) -> None:
        self._survey = survey
        self._sheet = workbook.sheet("survey")
        self._rows = Rows(self._sheet)
        self._lists = lists
        self._default = default
        self._attached = attached
        self._paths: dict[str, list[Path]] = {}
        self._kinds: dict[tuple[str, ...], str] = {}
        self._item_lists: dict[tuple[str, ...], str] = {}
        self._place: tuple[int | None, str] = (None, "")
        self._calculated: dict[tuple[str, ...], tuple[Ast, int | None]] = {}
        self.lists_used: set[str] = set()
        self.warnings: list[dict[str, Any]] = []
        self._refused: list[FormRefused] = []
        self._index(survey.get("children", []), [])

    def compiled(self) -> list[dict[str, Any]]:
        """
        Raises:
            FormRefused: With the row and column of the first thing that we cannot run, and the
                others with theirs.
        """
        made = self._all(self._survey.get("children", []), [])
        if self._refused:
            first = self._refused[0]
            first.others = tuple(self._refused[1:MOST_REFUSALS])
            raise first
        self._hold_acyclic()
        return made

    def choice_labels(self, lists: dict[str, list[dict[str, Any]]]) -> None:
        """Let the labels of choices mention answers too."""
        for choices in lists.values():
            for choice in choices:
                self._place = (None, choice["name"])
                choice["label"] = {
                    code: self._mentions(text, [], "label")
                    for code, text in choice["label"].items()
                }

    def _index(self, elements: list[Element], above: Path) -> None:
        for element in elements:
            if _is_meta(element):
                continue
            path = [*above, element["name"]]
            self._paths.setdefault(element["name"], []).append(path)
            if element.get("itemset"):
                self._item_lists[tuple(path)] = _list_name(element)
            self._index(element.get("children", []), path)

    def _all(self, elements: list[Element], above: Path) -> list[dict[str, Any]]:
        made = []
        for element in elements:
            if _is_meta(element):
                continue
            if element["type"] in _UNHEARD:
                self._place = (self._rows.take(element["name"]), element["name"])
                self._warn("type.ignored", element["type"], "type")
                continue
            try:
                made.append(self._one(element, above))
            except FormRefused as refused:
                self._refused.append(refused)
        return made

    def _one(self, element: Element, above: Path) -> dict[str, Any]:
        path = [*above, element["name"]]
        row = self._rows.take(element["name"])
        self._place = (row, element["name"])
        control, bind = element.get("control", {}), element.get("bind", {})
        appearance = str(control.get("appearance", "")).split()
        kind = kinds.kind_of(element, appearance)
        if kind is None or "query" in element:
            raise self._refusal("type.unsupported", element["type"], "type")
        if any(word.startswith("search(") for word in appearance):
            raise self._refusal("expression.unknown_function", "search()", "appearance")
        item: dict[str, Any] = {"name": element["name"], "kind": kind, "row": row}
        self._texts(item, element, path)
        if appearance:
            item["appearance"] = appearance
        parameters = element.get("parameters")
        if parameters:
            item["parameters"] = _parameters(parameters)
        if kind == "metadata":
            item["source"] = kinds.source_of(element)
        self._logic(item, bind, path)
        self._default_value(item, element, path)
        if kind in kinds.CHOICES:
            self._choices(item, element, path)
        if element.get("trigger"):
            triggers = element["trigger"]
            words = " ".join(triggers) if isinstance(triggers, list) else str(triggers)
            item["trigger"] = [
                self._resolve(name, path, "trigger") for name in _MENTION.findall(words)
            ]
        if isinstance(element.get("topic"), str):
            item["topic"] = element["topic"].strip()
        if "jr:count" in control:
            item["count"] = self._expression(str(control["jr:count"]), path, "count")
        if kind in kinds.HOLDERS:
            item["items"] = self._all(element.get("children", []), path)
        return item

    def _texts(self, item: dict[str, Any], element: Element, path: Path) -> None:
        bind = element.get("bind", {})
        texts = {
            "label": element.get("label"),
            "hint": element.get("hint"),
            "guidance": element.get("guidance_hint"),
            "required_message": bind.get("jr:requiredMsg"),
            "constraint_message": bind.get("jr:constraintMsg"),
        }
        for key, text in texts.items():
            keyed = by_code(text, self._default)
            if keyed:
                item[key] = {
                    code: self._mentions(words, path, key) for code, words in keyed.items()
                }
        if element.get("media"):
            item["media"] = {
                kind: by_code(file, self._default) for kind, file in element["media"].items()
            }

    def _logic(self, item: dict[str, Any], bind: dict[str, Any], path: Path) -> None:
        for key in ("relevant", "constraint"):
            if bind.get(key) not in (None, ""):
                item[key] = self._expression(str(bind[key]), path, key)
        required = str(bind.get("required", "")).strip()
        if required.lower() in _YES:
            item["required"] = True
        elif required.lower() not in _NO:
            item["required"] = self._expression(required, path, "required")
        if str(bind.get("readonly", "")).strip().lower() in _YES and item["kind"] != "note":
            item["read_only"] = True
        calculation = str(bind.get("calculate", "")).strip()
        if calculation:
            tree = self._expression(calculation, path, "calculate")
            item["calculate"] = tree
            if calls(tree) & VOLATILE:
                item["volatile"] = True
            self._calculated[tuple(path)] = (tree, self._place[0])

    def _default_value(self, item: dict[str, Any], element: Element, path: Path) -> None:
        from pyxform.utils import default_is_dynamic

        default = element.get("default")
        if default in (None, ""):
            return
        text = str(default)
        if default_is_dynamic(text, element["type"]):
            item["dynamic_default"] = self._expression(text, path, "default")
        else:
            item["default"] = text

    def _choices(self, item: dict[str, Any], element: Element, path: Path) -> None:
        name = _list_name(element)
        itemset = str(element.get("itemset", ""))
        mention = _MENTION.fullmatch(itemset)
        if mention:
            # Chosen from the answers of a repeat.
            item["list_from"] = self._resolve(mention[1], path, "type")
        elif name not in self._lists:
            code = "attachment.missing" if "." in itemset else "choices.no_such_list"
            raise self._refusal(code, itemset, "type")
        else:
            item["list"] = name
            self.lists_used.add(name)
        if element.get("choice_filter"):
            item["filter"] = self._expression(str(element["choice_filter"]), path, "filter")
            self._check_columns(item["filter"], name)

    def _check_columns(self, tree: Any, name: str) -> None:
        known = {"name", "label"}
        for choice in self._lists.get(name, []):
            known.update(choice.get("columns", {}))
        for column in sorted(_bare_names(tree) - known):
            self._warn("choices.no_such_column", column, "filter")

    def _mentions(self, text: str, path: Path, column: str) -> str | list[Any]:
        """Take a text apart where it mentions answers."""
        if not _MENTION.search(text):
            return text
        parts: list[Any] = []
        at = 0
        for match in _MENTION.finditer(text):
            if match.start() > at:
                parts.append(text[at : match.start()])
            parts.append(["ref", self._resolve(match[1], path, column)])
            at = match.end()
        return [*parts, text[at:]] if at < len(text) else parts

    def _expression(self, text: str, path: Path, column: str) -> Ast:
        try:
            tree: Ast = self._resolved(parse(text), path, column)
        except BadExpression as error:
            raise self._refusal(error.code, error.detail, column) from error
        return tree

    def _resolved(self, tree: Any, path: Path, column: str) -> Any:
        if not isinstance(tree, list) or not tree:
            return tree
        if tree[0] == "ref":
            return ["ref", self._resolve(tree[1], path, column)]
        if tree[0] == "call":
            return self._resolved_call(tree, path, column)
        return [self._resolved(part, path, column) for part in tree]

    def _resolved_call(self, tree: Ast, path: Path, column: str) -> Ast:
        name, arguments = tree[1], tree[2:]
        if name in ("instance", "pulldata"):
            literals = arguments[: 3 if name == "pulldata" else 1]
            if any(argument[0] != "s" for argument in literals):
                raise BadExpression("expression.not_supported", f"{name}(${{…}})")
            table = arguments[0][1].removesuffix(".csv")
            if table not in self._lists:
                raise self._refusal("attachment.missing", f"{table}.csv", column)
            self.lists_used.add(table)
            arguments = [["s", table], *arguments[1:]]
        if name == "jr:choice-name":
            mention = _MENTION.search(str(arguments[1][1]))
            if arguments[1][0] != "s" or not mention:
                raise BadExpression("expression.not_supported", "jr:choice-name(…)")
            question = self._resolve(mention[1], path, column)
            chosen_from = self._item_lists.get(tuple(question))
            if chosen_from not in self._lists:
                raise BadExpression("expression.not_supported", f"jr:choice-name({mention[0]})")
            self.lists_used.add(str(chosen_from))
            arguments = [arguments[0], ["s", chosen_from]]
        named = [arguments[0], *arguments[1::2]] if name == "indexed-repeat" else []
        if any(argument[0] != "ref" for argument in named):
            raise BadExpression("expression.not_supported", "indexed-repeat(…)")
        return ["call", name, *(self._resolved(a, path, column) for a in arguments)]

    def _resolve(self, name: str, path: Path, column: str) -> Path:
        """Find the question that is meant: of several, the one that shares most with *path*."""
        found = self._paths.get(name)
        if not found:
            raise self._refusal("expression.unknown_name", f"${{{name}}}", column)
        return max(found, key=lambda other: _shared(other, path))

    def _hold_acyclic(self) -> None:
        """Refuse calculations that need each other."""
        done: set[tuple[str, ...]] = set()

        def visit(path: tuple[str, ...], above: tuple[tuple[str, ...], ...]) -> None:
            if path in done or path not in self._calculated:
                return
            if path in above:
                self._place = (self._calculated[path][1], path[-1])
                names = " → ".join(step[-1] for step in (*above[above.index(path) :], path))
                raise self._refusal("expression.circular", names, "calculate")
            for needed in _ref_paths(self._calculated[path][0]):
                visit(needed, (*above, path))
            done.add(path)

        for path in self._calculated:
            visit(path, ())

    def _refusal(self, code: str, detail: str, column: str) -> FormRefused:
        row, question = self._place
        return FormRefused(
            code,
            detail,
            sheet=self._sheet.name,
            row=row,
            column=self._rows.column(*_COLUMNS[column]),
            question=question,
        )

    def _warn(self, code: str, detail: str, column: str) -> None:
        self.warnings.append(self._refusal(code, detail, column).plain())


def _is_meta(element: Element) -> bool:
    """Whether it is pyxform's own block of identifiers, which our visits do not need."""
    return element["name"] == "meta" and bool(element.get("control", {}).get("bodyless"))


def _list_name(element: Element) -> str:
    name = str(element.get("list_name") or element.get("itemset") or "")
    return re.sub(r"\.(csv|xml|geojson)$", "", name)


def _parameters(parameters: Any) -> dict[str, str]:
    if isinstance(parameters, dict):
        return {str(key): str(value) for key, value in parameters.items()}
    pairs = (part.partition("=") for part in re.split(r"[\s,;]+", str(parameters)) if part)
    return {key: value for key, _, value in pairs}


def _shared(one: Path, other: Path) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _bare_names(tree: Any) -> set[str]:
    """The names that a filter uses as columns of its choices."""
    if not isinstance(tree, list) or not tree:
        return set()
    if tree[0] == "path" and tree[1] == ["here"] and tree[2] and tree[2][0][0] == "child":
        return {tree[2][0][1]} - {"*"}
    if tree[0] == "path":
        return set()
    return set().union(*(_bare_names(part) for part in tree))


def _ref_paths(tree: Any) -> set[tuple[str, ...]]:
    if not isinstance(tree, list) or not tree:
        return set()
    if tree[0] == "ref" and isinstance(tree[1], list):
        return {tuple(tree[1])}
    return set().union(*(_ref_paths(part) for part in tree))
