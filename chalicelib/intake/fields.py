"""The canonical fields a column may be mapped to, and which of them each mode needs."""

from dataclasses import dataclass

MODES = ("debts", "balances", "payments")


@dataclass(frozen=True, slots=True)
class Field:
    """
    Args:
        kind: What its column must look like: money, date, phone, email, tax_id, id, text,
            number or coordinate.
        modes: In which modes it may be mapped.
    """

    name: str
    kind: str
    modes: tuple[str, ...]


_DEBTS = ("debts",)
_ALL = MODES

FIELDS: dict[str, Field] = {
    f.name: f
    for f in (
        Field("debtor_id", "id", _ALL),
        Field("name", "text", _ALL),
        Field("tax_id", "tax_id", _ALL),
        Field("party", "text", _DEBTS),
        Field("phone", "phone", _ALL),
        Field("phone2", "phone", _DEBTS),
        Field("phone3", "phone", _DEBTS),
        Field("email", "email", _ALL),
        Field("email2", "email", _DEBTS),
        Field("address", "text", _DEBTS),
        Field("city", "text", _DEBTS),
        Field("region", "text", _DEBTS),
        Field("postal_code", "id", _DEBTS),
        Field("lat", "coordinate", _DEBTS),
        Field("lng", "coordinate", _DEBTS),
        Field("debt_id", "id", _ALL),
        Field("product", "text", _DEBTS),
        Field("issued_on", "date", _DEBTS),
        Field("due_on", "date", ("debts", "balances")),
        Field("amount", "money", _DEBTS),
        Field("principal", "money", _DEBTS),
        Field("interest", "money", _DEBTS),
        Field("fees", "money", _DEBTS),
        Field("balance", "money", ("debts", "balances")),
        Field("instalment_number", "number", _DEBTS),
        Field("instalment_due_on", "date", _DEBTS),
        Field("instalment_amount", "money", _DEBTS),
        Field("charged_off", "text", ("debts", "balances")),
        Field("charged_off_on", "date", ("debts", "balances")),
        Field("charged_off_amount", "money", ("debts", "balances")),
        Field("document", "text", _DEBTS),
        Field("tags", "text", _DEBTS),
        Field("note", "text", _DEBTS),
        Field("payment_amount", "money", ("payments",)),
        Field("paid_on", "date", ("payments",)),
        Field("payment_reference", "id", ("payments",)),
        Field("payment_method", "text", ("payments",)),
    )
}

# Each inner tuple: at least one of these must be mapped.
REQUIRED: dict[str, tuple[tuple[str, ...], ...]] = {
    "debts": (
        ("debtor_id", "tax_id", "name"),
        ("due_on", "instalment_due_on"),
        ("amount", "balance", "principal", "instalment_amount"),
    ),
    "balances": (("debt_id", "debtor_id", "tax_id", "name"), ("balance",)),
    "payments": (("debt_id", "debtor_id", "tax_id", "name"), ("payment_amount",), ("paid_on",)),
}


def fields_for(mode: str) -> list[dict[str, object]]:
    """
    List the fields of *mode* as the API shows them.

    Returns:
        ``{"field", "kind", "required", "one_of"}``: fields with the same ``one_of`` (the first
        of them) stand in for one another, and one of them is needed.
    """
    alone = {group[0] for group in REQUIRED[mode] if len(group) == 1}
    groups = {name: group[0] for group in REQUIRED[mode] if len(group) > 1 for name in group}
    return [
        {
            "field": f.name,
            "kind": f.kind,
            "required": f.name in alone,
            "one_of": groups.get(f.name),
        }
        for f in FIELDS.values()
        if mode in f.modes
    ]


def missing_fields(mapped: set[str], mode: str) -> list[list[str]]:
    """Name the groups of which nothing is mapped; empty = the mapping is enough."""
    return [list(group) for group in REQUIRED[mode] if not mapped.intersection(group)]
