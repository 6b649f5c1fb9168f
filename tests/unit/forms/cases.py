"""
The cases that Python and JavaScript both run: what is here by hand, and invented expressions.

``python -m tests.unit.forms.cases`` writes ``cases/*.json``; a test holds that they are current,
``frontend/test/forms.test.js`` runs them.
"""

import json
import random
from pathlib import Path
from typing import Any

from chalicelib.forms.answers import Filling
from chalicelib.forms.errors import BadExpression, FormRefused
from chalicelib.forms.evaluate import Evaluator
from chalicelib.forms.items import Items
from chalicelib.forms.sheets import Workbook
from chalicelib.forms.values import text_of
from tests.unit.forms.books import NOW, book, form_of, question, surroundings

FOLDER = Path(__file__).parent / "cases"
RANDOM_CASES = 400
RANDOM_FILLINGS = 250

CHOICES = [
    {"list_name": "edo", "name": "pue", "label::Español (es)": "Puebla", "zona": "centro"},
    {"list_name": "edo", "name": "ver", "label::Español (es)": "Veracruz", "zona": "golfo"},
    {"list_name": "edo", "name": "tab", "label::Español (es)": "Tabasco", "zona": "golfo"},
]
SURVEY = [
    question("text", "nombre"),
    question("text", "vacio"),
    question("decimal", "saldo"),
    question("date", "fecha"),
    question("dateTime", "momento"),
    question("time", "hora"),
    question("select_one edo", "estado"),
    question("select_multiple edo", "varios"),
    question("geotrace", "camino"),
    question("text", "oculto", relevant="${saldo} < 0"),
    {"type": "begin repeat", "name": "pago", "label": "pago"},
    question("decimal", "monto"),
    question("text", "recibo"),
    {"type": "begin group", "name": "detalle", "label": "d"},
    question("text", "nota"),
    {"type": "end group"},
    {"type": "end repeat"},
]
ANSWERS: dict[str, Any] = {
    "nombre": " Ana  Ruiz Ñandú 🙂 ",
    "saldo": "1250.50",
    "fecha": "2026-11-30",
    "momento": "2026-11-22T18:45:30.250-06:00",
    "hora": "06:30",
    "estado": "ver",
    "varios": "pue tab",
    "camino": "19.40 -99.10;19.41 -99.10 0 0;19.41 -99.11",
    "oculto": "secreto",
    "pago": [
        {"monto": "100", "recibo": "A-1", "detalle": {"nota": "uno"}},
        {"monto": "250.25", "detalle": {"nota": "dos"}},
        {"recibo": "A-3"},
    ],
}
SURROUNDINGS = {
    "now": NOW, "language": "es", "presets": {}, "device": {}, "saved": {"nombre": "Eva"},
}  # fmt: skip

# What each says, by hand: where it stands, the expression, the text of its value.
BY_HAND: list[tuple[str, str, str]] = [
    ("nombre", "1 + 2 * 3 - 4 div 8", "6.5"),
    ("nombre", "-7 mod 3", "-1"),
    ("nombre", "7 mod -3", "1"),
    ("nombre", "1 div 0", "Infinity"),
    ("nombre", "0 div 0", "NaN"),
    ("nombre", "0.1 + 0.2", "0.30000000000000004"),
    ("nombre", "1 div 3", "0.3333333333333333"),
    ("nombre", "0.0000001", "0.0000001"),
    ("nombre", "10000000000000000000000 * 1", "10000000000000000000000"),
    ("nombre", "-(0)", "0"),
    ("nombre", "'2' + '3'", "5"),
    ("nombre", "'dos' + 1", "NaN"),
    ("nombre", "'10' > '9'", "true"),
    ("nombre", "'b' > 'a'", "false"),
    ("nombre", "'1.0' = 1", "true"),
    ("nombre", "'1.0' = '1'", "false"),
    ("nombre", "true() = 'x'", "true"),
    ("nombre", "not('')", "true"),
    ("nombre", "1 = 1 and 2 = 2 or foo", "true"),
    ("nombre", "string-length(.)", "19"),
    ("nombre", "normalize-space(.)", "Ana Ruiz Ñandú 🙂"),
    ("nombre", "substr(normalize-space(.), 4, 8)", "Ruiz"),
    ("nombre", "substr(normalize-space(.), -1)", "🙂"),
    ("nombre", "substring('abcde', 2, 3)", "bcd"),
    ("nombre", "upper-case(substring-before(normalize-space(.), ' '))", "ANA"),
    ("nombre", "translate('abc', 'ab', 'x')", "xc"),
    ("nombre", "concat('a', 1.50, true())", "a1.5true"),
    ("nombre", "join('; ', ${monto})", "100; 250.25; "),
    ("nombre", "contains('abc', 'bc') and starts-with('abc', 'a')", "true"),
    ("nombre", "ends-with('abc', 'bc')", "true"),
    ("nombre", r"regex('55 1234 5678', '[0-9\s]+')", "true"),
    ("nombre", r"regex('x55', '[0-9]+')", "false"),
    ("nombre", r"regex('ana@example.com', '[a-z0-9._%+-]+@[a-z0-9.\-]+\.[a-z]{2,4}')", "true"),
    ("nombre", "round(2.5)", "3"),
    ("nombre", "round(-2.5)", "-2"),
    ("nombre", "round(1234.5678, 2)", "1234.57"),
    ("nombre", "round(1234.5678, -2)", "1200"),
    ("nombre", "int(-2.7)", "-2"),
    ("nombre", "floor(-2.5)", "-3"),
    ("nombre", "ceiling(2.1)", "3"),
    ("nombre", "pow(2, 10)", "1024"),
    ("nombre", "sqrt(-1)", "NaN"),
    ("nombre", "abs(-3.2)", "3.2"),
    ("nombre", "max(3, '', 10, ${monto})", "250.25"),
    ("nombre", "min(${monto})", "100"),
    ("nombre", "sum(${monto})", "350.25"),
    ("nombre", "sum(${vacio})", "0"),
    ("nombre", "max(${vacio})", "NaN"),
    ("nombre", "count(${pago})", "3"),
    ("nombre", "count(${recibo})", "3"),
    ("nombre", "count-non-empty(${recibo})", "2"),
    ("nombre", "indexed-repeat(${monto}, ${pago}, 2)", "250.25"),
    ("nombre", "indexed-repeat(${monto}, ${pago}, 9)", ""),
    ("nombre", "${pago}[2]/detalle/nota", "dos"),
    ("nombre", "/data/pago[monto > 150]/monto", "250.25"),
    ("nombre", "count(/data/pago[recibo != ''])", "2"),
    ("nombre", "/data/pago[last()]/recibo", "A-3"),
    ("pago[2]/monto", "${monto}", "250.25"),
    ("pago[2]/monto", ". * 2", "500.5"),
    ("pago[2]/monto", "position(..)", "2"),
    ("pago[2]/monto", "../detalle/nota", "dos"),
    ("pago[2]/detalle/nota", "${monto} + ${saldo}", "1500.75"),
    ("pago[2]/monto", "indexed-repeat(${monto}, ${pago}, position(..) - 1)", "100"),
    ("pago[1]/recibo", "count(${pago})", "3"),
    ("pago[3]/monto", "coalesce(., ${saldo})", "1250.50"),
    ("estado", "selected(${varios}, 'tab') and not(selected(${varios}, 'ver'))", "true"),
    ("estado", "selected(${vacio}, '')", "true"),
    ("estado", "selected-at(${varios}, 1)", "tab"),
    ("estado", "count-selected(${varios})", "2"),
    ("estado", "jr:choice-name(${estado}, '${estado}')", "Veracruz"),
    ("estado", "instance('edo')/root/item[name = ${estado}]/zona", "golfo"),
    ("estado", "count(instance('edo')/root/item[zona = 'golfo'])", "2"),
    ("estado", "pulldata('edo', 'zona', 'name', 'pue')", "centro"),
    ("nombre", "if(${saldo} > 1000, 'mucho', 'poco')", "mucho"),
    ("nombre", "${oculto}", ""),
    ("nombre", "${oculto} = ''", "true"),
    ("nombre", "${last-saved#nombre}", "Eva"),
    ("nombre", "today()", "2026-11-22"),
    ("nombre", "${fecha} - today()", "8"),
    ("nombre", "${fecha} > today() and ${fecha} <= today() + 15", "true"),
    ("nombre", "date(today() + 15)", "2026-12-07"),
    ("nombre", "date-time(20779.25)", "2026-11-22T06:00:00.000"),
    ("nombre", "decimal-time(${hora})", "0.2708333333333333"),
    ("nombre", "decimal-date-time(${momento}) > decimal-date-time(${fecha})", "false"),
    ("nombre", "format-date(${fecha}, '%e de %b de %Y, %a')", "30 de nov de 2026, lun"),
    ("nombre", "format-date-time(${momento}, '%H:%M:%S.%3')", "18:45:30.250"),
    ("nombre", "format-date-time(${momento}, '%d/%m/%y %n %h')", "22/11/26 11 18"),
    ("nombre", "number('2026-02-30')", "NaN"),
    ("camino", "round(distance(.))", "2161"),
    ("camino", "round(area(.))", "583099"),
    ("camino", "geofence('19.39 -99.101', '19.3 -99.2;19.3 -99;19.5 -99;19.3 -99.2')", "true"),
    ("camino", "geofence('19.402 -99.15', '19.3 -99.2;19.3 -99;19.5 -99;19.3 -99.2')", "false"),
    ("estado", "checklist(1, 2, selected(${varios}, 'pue'), ${vacio} = 'x')", "true"),
    ("estado", "weighted-checklist(4, -1, true(), 3, false(), 9)", "false"),
    ("nombre", "sin(pi() div 2) + cos(0) + atan2(0, 1)", "2"),
    ("nombre", "boolean-from-string('true') and not(boolean-from-string('si'))", "true"),
    ("nombre", "(${saldo} | ${fecha})[2]", "2026-11-30"),
]  # fmt: skip

ATOMS = [
    "${nombre}", "${vacio}", "${saldo}", "${fecha}", "${momento}", "${hora}", "${estado}",
    "${varios}", "${monto}", "${recibo}", "${nota}", "${oculto}", ".", "..", "today()", "''",
    "'a b'", "'12'", "'-3.5'", "'2026-01-31'", "'x'", "0", "1", "2.5", "100", "true()", "false()",
]  # fmt: skip
CALLS = {
    1: ["not", "boolean", "number", "string", "int", "round", "floor", "ceiling", "abs",
        "string-length", "normalize-space", "upper-case", "count-selected", "sum", "min", "max",
        "count-non-empty", "date", "date-time", "decimal-date-time", "decimal-time", "sqrt"],
    2: ["concat", "contains", "starts-with", "ends-with", "substring-before", "substring-after",
        "selected", "selected-at", "substr", "round", "coalesce", "min", "max", "sum", "join"],
    3: ["if", "substr", "substring", "translate", "concat"],
}  # fmt: skip
OPERATORS = ["+", "-", "*", "div", "mod", "=", "!=", "<", "<=", ">", ">=", "and", "or"]


def invented(chance: random.Random, depth: int = 0) -> str:
    """Make up an expression, types mixed as authors mix them."""
    kind = chance.random()
    if depth > 3 or kind < 0.3:
        return chance.choice(ATOMS)
    if kind < 0.6:
        operator = chance.choice(OPERATORS)
        return f"({invented(chance, depth + 1)} {operator} {invented(chance, depth + 1)})"
    if kind < 0.65:
        return f"-{chance.choice(ATOMS)}"
    count = chance.choice((1, 1, 2, 2, 3))
    arguments = ", ".join(invented(chance, depth + 1) for _ in range(count))
    return f"{chance.choice(CALLS[count])}({arguments})"


class World:
    """The form of the cases, filled, and a way to run an expression at a place in it."""

    def __init__(self) -> None:
        self.form = form_of(SURVEY, CHOICES)
        self.filling = Filling(self.form, ANSWERS, surroundings(**SURROUNDINGS))
        self.nodes = {node.path(): node for node in self.filling.root.walk()}

    def text(self, at: str, tree: Any) -> str:
        evaluator = Evaluator(self.form, self.filling.root, self.filling.surroundings)
        return text_of(evaluator.value(tree, self.nodes[at]))


def expressions() -> dict[str, Any]:
    """Both kinds of cases; the values of invented ones are Python's."""
    world = World()
    items = _items(world)
    chance = random.Random(2026)  # noqa: S311 - invented expressions
    cases = [
        {"at": at, "expression": text, "tree": _tree(items, at, text), "value": value}
        for at, text, value in BY_HAND
    ]
    places = sorted(path for path in world.nodes if path)
    made: list[dict[str, Any]] = []
    while len(made) < RANDOM_CASES:
        at, text = chance.choice(places), invented(chance)
        try:
            tree = _tree(items, at, text)
        except (BadExpression, FormRefused):
            continue
        made.append({"at": at, "expression": text, "tree": tree, "value": world.text(at, tree)})
    return {
        "form": world.form, "answers": ANSWERS, "surroundings": SURROUNDINGS, "cases": cases,
        "invented": made,
    }  # fmt: skip


def _items(world: World) -> Items:
    from pyxform.xls2xform import convert

    content = book(SURVEY, CHOICES)
    survey = convert(content, validate=False, file_type=".xlsx")._pyxform
    return Items(survey, Workbook(content), world.form["lists"], "default", set())


def _tree(items: Items, at: str, expression: str) -> Any:
    plain = [name.split("[")[0] for name in at.split("/")]
    return items._expression(expression, plain, "calculate")


VISIT = [
    {"type": "start", "name": "inicio"},
    {"type": "hidden", "name": "saldo"},
    question("select_one sn", "promete", required="yes"),
    question(
        "decimal", "monto", relevant="${promete} = 'si'", required="yes",
        constraint=". > 0 and . <= ${saldo}",
    ),
    question(
        "date", "dia", relevant="${promete} = 'si'", required="${monto} > 500",
        constraint=". >= today() and . <= today() + 15",
    ),
    {"type": "calculate", "name": "resto", "calculation": "${saldo} - coalesce(${monto}, 0)"},
    question("text", "motivo_no_pago", relevant="${promete} = 'no'"),
    question("integer", "hijos", default="0"),
    {"type": "begin repeat", "name": "hijo", "label": "h", "repeat_count": "${hijos}"},
    question("integer", "edad", required="yes", constraint=". >= 0 and . < 120"),
    question("text", "escuela", relevant="${edad} > 5"),
    {"type": "end repeat"},
    {"type": "calculate", "name": "menores", "calculation": "count(/data/hijo[edad < 18])"},
    question("select_one mun", "municipio", choice_filter="edo = ${estado}"),
    question("select_one edo", "estado"),
    question("image", "fachada", required="${promete} = 'no'"),
    question("note", "fin", label="Restan ${resto}"),
]  # fmt: skip
VISIT_CHOICES = [
    {"list_name": "sn", "name": "si", "label": "Sí"},
    {"list_name": "sn", "name": "no", "label": "No"},
    {"list_name": "edo", "name": "pue", "label": "Puebla"},
    {"list_name": "edo", "name": "ver", "label": "Veracruz"},
    {"list_name": "mun", "name": "chol", "label": "Cholula", "edo": "pue"},
    {"list_name": "mun", "name": "xal", "label": "Xalapa", "edo": "ver"},
]
FILLED: list[tuple[str, dict[str, Any]]] = [
    ("nothing", {}),
    ("a promise", {"promete": "si", "monto": "300", "dia": "2026-11-30"}),
    ("too much, too late", {"promete": "si", "monto": "1300", "dia": "2027-01-30"}),
    ("a date is wanted", {"promete": "si", "monto": "600"}),
    ("not asked", {"promete": "no", "monto": "300", "fachada": "a.jpg"}),
    ("a photo is wanted", {"promete": "no", "motivo_no_pago": "sin trabajo"}),
    ("two children", {"promete": "no", "fachada": "a.jpg", "hijos": "2",
                      "hijo": [{"edad": "4"}, {"edad": "19", "escuela": "UNAM"}]}),
    ("one child too many", {"promete": "no", "fachada": "a.jpg", "hijos": "1",
                            "hijo": [{"edad": "4"}, {"edad": "200"}]}),
    ("a child is missing", {"promete": "no", "fachada": "a.jpg", "hijos": "2",
                            "hijo": [{"edad": "4", "escuela": "no va"}]}),
    ("the wrong town", {"promete": "no", "fachada": "a.jpg", "estado": "pue", "municipio": "xal"}),
    ("the right town", {"promete": "no", "fachada": "a.jpg", "estado": "pue", "municipio": "chol"}),
    ("kinds", {"promete": "quizá", "hijos": "dos", "fachada": "../a.jpg", "fin": "x"}),
]  # fmt: skip


# What can be in a phone's fields: right, wrong, of another kind. What no field gives (lists,
# numbers, names that nobody asks for) only the server meets, and refuses as of the wrong shape.
SENT: dict[str, tuple[str, ...]] = {
    "saldo": ("1", "-1", "x", ""),
    "promete": ("si", "no", "si no", "SI", ""),
    "monto": ("300", "600", "1200", "1200.01", "-1", "0", "1e3", "tres", "", " 5 "),
    "dia": ("2026-11-22", "2026-12-07", "2026-12-08", "2026-02-30", "22/11/2026", "hoy", ""),
    "resto": ("0", "x"),
    "motivo_no_pago": ("sin trabajo", "", "Ñ" * 300, "a\nb"),
    "hijos": ("0", "1", "2", "3", "-1", "2.5", "dos", ""),
    "municipio": ("chol", "xal", "otro", ""),
    "estado": ("pue", "ver", "tab", ""),
    "fachada": ("a.jpg", "../a.jpg", "", "a.exe"),
    "fin": ("x",),
}
CHILD: dict[str, tuple[str, ...]] = {
    "edad": ("4", "19", "200", "-1", "x", "", " 6"),
    "escuela": ("UNAM", ""),
}


def _sent(chance: random.Random) -> dict[str, Any]:
    """Make up what a phone could hold of the visit's form."""
    answers: dict[str, Any] = {
        name: chance.choice(values) for name, values in SENT.items() if chance.random() < 0.6
    }
    if chance.random() < 0.7:
        answers["hijo"] = [
            {name: chance.choice(values) for name, values in CHILD.items() if chance.random() < 0.7}
            for _ in range(chance.randrange(4))
        ]
    return answers


def _filled(form: Any, around: dict[str, Any], answers: dict[str, Any]) -> dict[str, Any]:
    filling = Filling(form, answers, surroundings(**around))
    return {
        "answers": answers,
        "problems": [problem.plain() for problem in filling.problems()],
        "kept": filling.answers(),
    }


def fillings() -> dict[str, Any]:
    """Both kinds of fillings; what comes of invented ones is Python's."""
    form = form_of(VISIT, VISIT_CHOICES)
    around = SURROUNDINGS | {"presets": {"saldo": "1200"}}
    chance = random.Random(2026)  # noqa: S311 - invented answers
    return {
        "form": form,
        "surroundings": around,
        "cases": [{"name": name, **_filled(form, around, answers)} for name, answers in FILLED],
        "invented": [_filled(form, around, _sent(chance)) for _ in range(RANDOM_FILLINGS)],
    }


MADE = {"expressions.json": expressions, "filling.json": fillings}


def written(name: str) -> str:
    return json.dumps(MADE[name](), ensure_ascii=False, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    for file in MADE:
        (FOLDER / file).write_text(written(file), encoding="utf-8")
