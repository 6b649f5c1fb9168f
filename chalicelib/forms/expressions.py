"""
The expression language of XLSForm (XPath 1.0 with ODK's functions), parsed to nested lists.

Parsed when a form is published, never on a phone: what is kept is the tree, as JSON:

    ["s", "text"]  ["n", 1.5]                     literals
    ["=", a, b]  ["and", a, b]  ["neg", a] ...    operators, by their XPath names
    ["call", "name", arg, ...]                    a function of ``functions.ARITY``
    ["ref", "name"]                               ``${name}``, a question, group or repeat
    ["saved", "name"]                             ``${last-saved#name}``
    ["path", start, [[axis, name, [predicate, ...]], ...]]
                                                  start: ["here"], ["root"] or an expression;
                                                  axis: child, parent, self

``frontend/src/core/forms/evaluate.js`` evaluates the same trees.
"""

import re
from typing import Any

from chalicelib.forms.errors import BadExpression
from chalicelib.forms.functions import ARITY
from chalicelib.forms.patterns import longest_subject

Ast = list[Any]

MAX_LENGTH = 10_000
MAX_DEPTH = 60

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<ref>\$\{\s*[^}\s]+\s*\})
      | (?P<number>\d+(?:\.\d*)?|\.\d+)
      | (?P<string>"[^"]*"|'[^']*'|“[^”]*”|‘[^’]*’)
      | (?P<name>[^\W\d](?:[\w.\-·]|:(?=[^\W\d]))*)
      | (?P<symbol>::|\.\.|//|!=|<=|>=|[-+*/|=<>()\[\],.@])
    )""",
    re.VERBOSE,
)
_WORDS = {"and", "or", "div", "mod"}
# Loosest first; each level is left-associative.
_LEVELS = (("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod"))


def parse(text: str) -> Ast:
    """
    Parse an expression.

    Raises:
        BadExpression: Wrong syntax, an unknown function, a wrong number of arguments, or a
            regular expression that the two sides could read differently.

    >>> parse("${age} >= 18 and selected(., 'a')")
    ['and', ['>=', ['ref', 'age'], ['n', 18]], ['call', 'selected', ['path', ['here'], []], ['s', 'a']]]
    """  # noqa: E501 - the answer is one line
    if len(text) > MAX_LENGTH:
        raise BadExpression("expression.too_long", f"{len(text)} > {MAX_LENGTH}")
    parser = _Parser(_tokens(text))
    tree = parser.level(0)
    if parser.kind != "end":
        raise BadExpression("expression.syntax", parser.text)
    return tree


def refs(tree: Any) -> set[str]:
    """Collect the names that ``${name}`` mentions."""
    if not isinstance(tree, list) or not tree:
        return set()
    if tree[0] == "ref":
        return {tree[1]}
    return set().union(*(refs(part) for part in tree))


def calls(tree: Any) -> set[str]:
    """Collect the functions that are called."""
    if not isinstance(tree, list) or not tree:
        return set()
    own = {tree[1]} if tree[0] == "call" and isinstance(tree[1], str) else set()
    return own.union(*(calls(part) for part in tree))


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise BadExpression("expression.syntax", text[at : at + 20].strip())
        kind = str(match.lastgroup)
        value = match.group(kind)
        if kind == "name" and value in _WORDS and found and _ends_operand(found[-1]):
            kind = "symbol"
        found.append((kind, value))
        at = match.end()
    return found


def _ends_operand(token: tuple[str, str]) -> bool:
    kind, value = token
    return kind in {"ref", "number", "string", "name"} or value in {")", "]", ".", "..", "*"}


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = [*tokens, ("end", "")]
        self._at = 0
        self._depth = 0

    @property
    def kind(self) -> str:
        return self._tokens[self._at][0]

    @property
    def text(self) -> str:
        return self._tokens[self._at][1]

    def _take(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1][1]

    def _is(self, *symbols: str) -> bool:
        return self.kind == "symbol" and self.text in symbols

    def _expect(self, symbol: str) -> None:
        if not self._is(symbol):
            raise BadExpression("expression.syntax", f"{self.text or '…'} ({symbol}?)")
        self._take()

    def level(self, number: int) -> Ast:
        if number == len(_LEVELS):
            return self._unary()
        if number == 0:
            self._depth += 1
            if self._depth > MAX_DEPTH:
                raise BadExpression("expression.too_long", f"depth > {MAX_DEPTH}")
        tree = self.level(number + 1)
        while self._is(*_LEVELS[number]):
            operator = self._take()
            tree = [operator, tree, self.level(number + 1)]
        if number == 0:
            self._depth -= 1
        return tree

    def _unary(self) -> Ast:
        negative = False
        while self._is("-"):
            self._take()
            negative = not negative
        tree = self._union()
        return ["neg", tree] if negative else tree

    def _union(self) -> Ast:
        tree = self._path()
        while self._is("|"):
            self._take()
            tree = ["|", tree, self._path()]
        return tree

    def _path(self) -> Ast:
        start = self._start()
        if start is None:
            if self._is("/"):
                self._take()
                return ["path", ["root"], self._steps()]
            return ["path", ["here"], self._steps()]
        predicates = self._predicates()
        if predicates:
            start = ["path", start, [["self", "*", predicates]]]
        if self._is("//"):
            raise BadExpression("expression.not_supported", "//")
        if self._is("/"):
            self._take()
            return ["path", start, self._steps()]
        return start

    def _start(self) -> Ast | None:
        """Read what is no step: a literal, a reference, a call, an expression in brackets."""
        if self.kind == "number":
            number = float(self._take())
            return ["n", int(number) if number.is_integer() else number]
        if self.kind == "string":
            return ["s", self._take()[1:-1]]
        if self.kind == "ref":
            name = self._take()[2:-1].strip()
            saved = name.startswith("last-saved#")
            return ["saved", name.removeprefix("last-saved#")] if saved else ["ref", name]
        if self._is("("):
            self._take()
            tree = self.level(0)
            self._expect(")")
            return tree
        if self.kind == "name" and self._tokens[self._at + 1] == ("symbol", "("):
            return self._call()
        return None

    def _call(self) -> Ast:
        name = self._take()
        self._expect("(")
        arguments: list[Ast] = []
        while not self._is(")"):
            if arguments:
                self._expect(",")
            arguments.append(self.level(0))
        self._take()
        if name not in ARITY:
            raise BadExpression("expression.unknown_function", f"{name}()")
        least, most = ARITY[name]
        if not least <= len(arguments) <= most:
            raise BadExpression("expression.arity", f"{name}(): {len(arguments)}")
        if name == "regex":
            arguments.append(["n", _longest_subject(arguments[1])])
        return ["call", name, *arguments]

    def _steps(self) -> list[Any]:
        steps: list[Any] = []
        while True:
            if self._is("//") or self._is("@"):
                raise BadExpression("expression.not_supported", self.text)
            if self._is(".", ".."):
                axis = "self" if self._take() == "." else "parent"
                name = "*"
            elif self._is("*"):
                axis, name = "child", self._take()
            elif self.kind == "name":
                axis, name = "child", self._take()
                if self._is("::"):
                    raise BadExpression("expression.not_supported", f"{name}::")
            else:
                raise BadExpression("expression.syntax", self.text or "…")
            predicates = self._predicates()
            if (axis, predicates) != ("self", []):
                steps.append([axis, name, predicates])
            if not self._is("/"):
                if self._is("//"):
                    continue
                return steps
            self._take()

    def _predicates(self) -> list[Ast]:
        found: list[Ast] = []
        while self._is("["):
            self._take()
            found.append(self.level(0))
            self._expect("]")
        return found


def _longest_subject(pattern: Ast) -> int:
    if pattern[0] != "s":
        raise BadExpression("expression.regex", "regex(…, …)")
    return longest_subject(pattern[1])
