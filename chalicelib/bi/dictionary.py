"""The data dictionary that a creditor is given with the files: in Spanish, English, Portuguese."""

from chalicelib.bi import tables
from chalicelib.bi.tables import Table
from chalicelib.i18n import wording

_KINDS = {
    "text": "texto",
    "int": "entero",
    "bool": "sí/no",
    "date": "fecha",
    "moment": "instante UTC",
}


def markdown() -> str:
    """Write every table with its columns, as ``docs/lake.md`` has them."""
    return "\n\n".join(_table(table) for table in tables.TABLES.values())


def words(table: Table, language: str) -> dict[str, str]:
    """
    Say what a table is (under the empty name) and each of its columns, in a language.

    >>> words(tables.DEBTS, "en")["balance_minor"], words(tables.DEBTS, "es")[""]
    ('Balance', 'Un adeudo al final del día')
    """
    told = {"": table.es} | {one.name: one.es for one in table.columns}
    # What ``tables`` says in Spanish; a column that several tables have alike is ``*.<name>``.
    known = {} if language == "es" else wording.of("lake", language)
    return {
        name: known.get(f"{table.name}.{name}" if name else table.name, known.get(f"*.{name}", es))
        for name, es in told.items()
    }


def _table(table: Table) -> str:
    when = "por día" if not table.state else "cómo estaba al final de cada día"
    whose = " No se entrega al acreedor." if table.trail else ""
    rows = [f"| `{one.name}` | {_KINDS[one.kind]} | {one.es} |" for one in table.columns]
    return "\n".join(
        (
            f"### `{table.name}`: {when}",
            "",
            f"{table.es}.{whose}",
            "",
            "| columna | tipo | qué es |",
            "|---|---|---|",
            *rows,
        )
    )
