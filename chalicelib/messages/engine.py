"""Templates made ready to render: Jinja2 in its sandbox, of which only a small part is let in."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import count
from typing import TYPE_CHECKING, Any

from chalicelib.domain.contact import Channel
from chalicelib.messages import formats, markup
from chalicelib.messages.formats import Amount
from chalicelib.messages.template import BadTemplate, FactMissing
from chalicelib.messages.variables import DEBT_FIELDS, FILTERS, VARIABLES, Kind

if TYPE_CHECKING:
    from jinja2 import Template as Compiled
    from jinja2 import nodes
    from jinja2.sandbox import ImmutableSandboxedEnvironment

MAX_SOURCE = 20_000  # characters; a letter of five pages
COLOURS = ("_colour", "_ink")  # of a button: the portfolio's, and what reads on it

# Enough to say things, leave them out and list them; nothing that computes or calls.
_ALLOWED = frozenset(
    {
        "Template",
        "Output",
        "TemplateData",
        "Name",
        "Getattr",
        "Filter",
        "If",
        "For",
        "And",
        "Or",
        "Not",
        "Compare",
        "Operand",
        "Const",
    }
)
_PLACEHOLDER = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_LOOPS = {"debts": DEBT_FIELDS}


@dataclass(frozen=True, slots=True)
class Ready:
    """
    A field made ready.

    Args:
        names: The variables it uses, in order of first use.
        needs: What rendering looks up: those, and the colours where there is a button.
    """

    names: tuple[str, ...]
    needs: tuple[str, ...]
    compiled: "Compiled"

    def render(self, values: Mapping[str, Any]) -> str:
        """
        Args:
            values: At least ``needs``.

        Raises:
            FactMissing: It says something that *values* have as None.
        """
        compiled = self.compiled
        try:
            context = compiled.new_context({name: values[name] for name in self.needs})
            return "".join(compiled.root_render_func(context))
        except _Nothing:
            raise FactMissing(*(n for n in self.names if values[n] is None)) from None


class _Nothing(Exception):
    """A variable was to be written that the case does not have."""


@lru_cache(maxsize=4096)
def ready(
    source: str, channel: Channel, locale: str, *, field: str = "body", html: bool = False
) -> Ready:
    """
    Compile a field once; the same source, channel and locale come from memory.

    Args:
        html: Make the HTML of it; else the text that is sent or printed.

    Raises:
        BadTemplate: It is not a template, or uses what templates do not have.
    """
    tree = parse(source, field)
    names = used(tree)
    needs = names
    if html:
        prepared, needs = markup.html(source), (*names, *COLOURS)
    elif channel is Channel.CALL:
        prepared = markup.speech(source)
    elif field == "body":
        prepared = markup.text(source, bold="*" if channel is Channel.WHATSAPP else "")
    else:
        prepared = source
    return Ready(names, needs, _environment(channel, locale, html).from_string(prepared))


@lru_cache(maxsize=1024)
def parse(source: str, field: str = "body") -> "nodes.Template":
    """
    Read a field and hold it against what templates may have.

    Raises:
        BadTemplate: With the line.
    """
    from jinja2 import TemplateSyntaxError

    if len(source) > MAX_SOURCE:
        raise BadTemplate("too_long", field=field, facts={"most": str(MAX_SOURCE)})
    try:
        tree = _reader().parse(source)
        _check(tree, field, {})
    except TemplateSyntaxError as error:
        raise BadTemplate(
            "syntax", field=field, line=error.lineno, facts={"message": error.message or ""}
        ) from None
    except RecursionError:
        raise BadTemplate("too_deep", field=field) from None
    return tree


@cache
def _reader() -> "ImmutableSandboxedEnvironment":
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(undefined=StrictUndefined)


def _check(node: "nodes.Node", field: str, loops: Mapping[str, Mapping[str, Kind]]) -> None:
    """Walk the tree; *loops* are the loop variables in sight, with what their items have."""
    from jinja2 import nodes

    if type(node).__name__ not in _ALLOWED:
        raise _bad("not_allowed", node, field, construct=type(node).__name__.lower())
    if isinstance(node, nodes.For):
        _check_loop(node, field, loops)
    elif isinstance(node, nodes.Getattr):
        owner = node.node.name if isinstance(node.node, nodes.Name) else ""
        if node.attr not in loops.get(owner, {}):
            raise _bad("unknown_variable", node, field, name=f"{owner}.{node.attr}")
    elif isinstance(node, nodes.Name):
        if node.name not in VARIABLES or node.name in loops:
            raise _bad("unknown_variable", node, field, name=node.name)
    else:
        if isinstance(node, nodes.Filter) and (
            node.name not in FILTERS or node.args or node.kwargs
        ):
            raise _bad("unknown_filter", node, field, name=node.name)
        for child in node.iter_child_nodes():
            _check(child, field, loops)


def _check_loop(node: "nodes.For", field: str, loops: Mapping[str, Mapping[str, Kind]]) -> None:
    from jinja2 import nodes

    over = node.iter.name if isinstance(node.iter, nodes.Name) else ""
    plain = not node.else_ and node.test is None and not node.recursive
    # Lists have no lists; a name that hides a variable would say something else.
    if loops or over not in _LOOPS or not plain or not isinstance(node.target, nodes.Name):
        raise _bad("not_allowed", node, field, construct="for")
    if node.target.name in VARIABLES:
        raise _bad("not_allowed", node, field, construct="for")
    for child in node.body:
        _check(child, field, {node.target.name: _LOOPS[over]})


def _bad(code: str, node: "nodes.Node", field: str, **facts: str) -> BadTemplate:
    return BadTemplate(code, field=field, line=node.lineno, facts=facts)


def used(tree: "nodes.Template") -> tuple[str, ...]:
    """Name the variables of a tree in the order of their first use."""
    names = _in_order(tree)
    return tuple(dict.fromkeys(name for name in names if name in VARIABLES))


@lru_cache(maxsize=4096)
def speaks_of(source: str) -> frozenset[str]:
    """
    Name the variables of a source.

    Raises:
        BadTemplate: As of ``parse``.
    """
    return frozenset(used(parse(source)))


def _in_order(node: "nodes.Node") -> Iterator[str]:
    from jinja2 import nodes

    # find_all goes breadth first, which loses the order that WhatsApp numbers variables by.
    if isinstance(node, nodes.Name):
        yield node.name
    for child in node.iter_child_nodes():
        yield from _in_order(child)


def unconditional(node: "nodes.Node") -> tuple[str, ...]:
    """Name the variables that are written whatever the case is: outside every ``{% if %}``."""
    from jinja2 import nodes

    if isinstance(node, nodes.If):
        return ()
    if isinstance(node, nodes.Name):
        return (node.name,) if node.name in VARIABLES else ()
    return tuple(name for child in node.iter_child_nodes() for name in unconditional(child))


@cache
def _environment(channel: Channel, locale: str, html: bool) -> "ImmutableSandboxedEnvironment":
    """One for each way of writing values: what a channel needs is decided here, not per value."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    marked = html or channel is Channel.CALL
    environment = ImmutableSandboxedEnvironment(
        autoescape=marked,
        undefined=StrictUndefined,
        finalize=_writer(channel, locale),
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=0,
    )
    environment.filters = {
        "weekday": lambda on: formats.weekday(_there(on), locale),
        "short": lambda on: formats.short(_there(on), locale),
        "upper": lambda text: str(_there(text)).upper(),
    }
    environment.globals = {}
    return environment


def _there(value: Any) -> Any:
    if value is None:
        raise _Nothing
    return value


def _writer(channel: Channel, locale: str) -> Any:
    spoken = channel is Channel.CALL
    # Asked for once a value, so bound here; a lookup in a dict beats a call that is cached.
    writers: dict[str, formats.Amounts] = {}

    def write(value: Any) -> Any:
        kind = type(value)
        if kind is str:
            return value
        if kind is Amount:
            if spoken:
                return formats.spoken(value.minor, value.currency, locale)
            writer = writers.get(value.currency)
            if writer is None:
                writer = writers[value.currency] = formats.amounts(value.currency, locale)
            return writer(value.minor)
        if kind is date:
            return formats.day(value, locale)
        if value is None:
            raise _Nothing
        return str(value) if kind is int else value

    return write


def placeholders(body: str) -> tuple[str, ...]:
    """
    What stands in a WhatsApp body's ``{{ }}``, in order, each as often as it stands.

    >>> placeholders("Hola {{ first_name }}, vence el {{ due_on | weekday }}.")
    ('first_name', 'due_on | weekday')
    """
    return tuple(" ".join(inner.split()) for inner in _PLACEHOLDER.findall(body))


def approvable(body: str) -> str:
    """
    The text to hand in to WhatsApp for approval: its placeholders numbered.

    >>> approvable("Hola {{ first_name }}: **{{ total }}**")
    'Hola {{1}}: *{{2}}*'
    """
    numbers = count(1)
    text = markup.text(body, bold="*").strip()
    return _PLACEHOLDER.sub(lambda _: f"{{{{{next(numbers)}}}}}", text)


def filled(body: str, values: Sequence[str]) -> str:
    """
    Write an approved text as WhatsApp does, each placeholder by its value in order.

    >>> filled("Hola {{ first_name }}: **{{ total }}**", ["{{ total }}", "$5"])
    'Hola {{ total }}: *$5*'
    """
    given = iter(values)
    return _PLACEHOLDER.sub(lambda _: next(given, ""), markup.text(body, bold="*").strip())
