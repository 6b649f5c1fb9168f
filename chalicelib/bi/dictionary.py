"""The data dictionary that a creditor is given with the files, in Spanish."""

from chalicelib.bi import tables
from chalicelib.bi.tables import Table

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
