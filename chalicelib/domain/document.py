"""Documents that we issue: receipts, agreements, letters. Anybody who holds one can check it."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

# Crockford's digits: none that is taken for another, so that a code can be read out and typed.
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS, _EACH = 3, 4
CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}")
# Bytes of chance that a code is made of: 60 of their bits are used.
CHANCE_BYTES = 8


class DocumentKind(StrEnum):
    """RESOLUTION answers a dispute; CASH is the receipt for money taken at the door."""

    RECEIPT = "receipt"
    CASH = "cash"
    AGREEMENT = "agreement"
    SETTLEMENT = "settlement"
    RESOLUTION = "resolution"
    STATEMENT = "statement"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedDocument:
    """
    Args:
        document_id: Made from the case, the kind and what caused it, so it is issued once.
        code: Printed on it, ``ABCD-EFGH-JKMN``; who holds the document can ask about it.
        of: What caused it: a payment, an agreement, a dispute.
        sha256: Of the file; whoever has it can hold it against this.
        key: Where the file is kept.
        facts: What the public check may say beside kind, day and issuer; nothing that names the
            debtor. Amounts as ``{"minor", "currency"}``, days as ISO.
        annulled_at, annulled_why: It stands no more (its payment was charged back, its agreement
            broken); it stays on file.
    """

    document_id: str
    kind: DocumentKind
    code: str
    of: str
    sha256: str
    size_bytes: int
    key: str
    filename: str
    language: str
    issued_at: datetime
    issued_by: str
    facts: dict[str, object] = field(default_factory=dict)
    annulled_at: datetime | None = None
    annulled_why: str = ""


def code_of(chance: bytes) -> str:
    """
    Write a document's code from some bytes of chance.

    >>> code_of(bytes(8))
    '0000-0000-0000'
    """
    number = int.from_bytes(chance)
    digits = [_DIGITS[number >> 5 * place & 31] for place in range(_GROUPS * _EACH)]
    groups = ["".join(digits[at : at + _EACH]) for at in range(0, len(digits), _EACH)]
    return "-".join(groups)


def read_code(typed: str) -> str:
    """
    Read a code as people type it; empty when it cannot be one.

    >>> read_code(" abcd efgh-jkmn "), read_code("o1il-0000-0000"), read_code("123456")
    ('ABCD-EFGH-JKMN', '0111-0000-0000', '')
    """
    plain = re.sub(r"[\s-]", "", typed).upper().translate(str.maketrans("OIL", "011"))
    code = "-".join(plain[at : at + _EACH] for at in range(0, len(plain), _EACH))
    return code if CODE.fullmatch(code) else ""
