"""Who a row is about and which debt or payment it is, when the file says and when it does not."""

from datetime import date

from chalicelib.domain.ids import derived_id
from chalicelib.intake.names import fold

_PARTIES = {
    "debtor": "deudor titular cliente acreditado debtor borrower owner devedor sacado",
    "codebtor": "codeudor coacreditado obligado solidario conyuge codebtor coborrower codevedor",
    "guarantor": "aval fiador garante avalista guarantor",
    "reference": "referencia reference familiar vecino conocido contacto referencias parente",
}
_PARTY_WORDS = {word: party for party, words in _PARTIES.items() for word in words.split()}


def party_of(said: str) -> str | None:
    """
    Name the party a cell speaks of; None when it is none we know.

    >>> party_of("Aval 1"), party_of("Co-deudor solidario"), party_of("???")
    ('guarantor', 'codebtor', None)
    """
    folded = fold(said)
    for word in (folded.replace(" ", "")[:8], *folded.split()):
        if word in _PARTY_WORDS:
            return _PARTY_WORDS[word]
    return None


def debtor_key(debtor_id: str, tax_id: str, name: str, contact: str = "") -> str:
    """
    Make the key that says which case a row belongs to, the same for every spelling of its facts.

    The creditor's own id of the debtor decides when the row has one; else the tax id; else the
    name, folded, with the first phone or e-mail of the row. The last is weak: the same person
    without a phone in another file becomes a second case, which the merge proposals then show.

    >>> debtor_key("C-17", "VECJ880326XXX", "Juana")
    'id:c-17'
    >>> debtor_key("", "", "José  PÉREZ", "+525512345678")
    'name:jose perez|+525512345678'
    """
    if debtor_id:
        return f"id:{debtor_id.casefold()}"
    if tax_id:
        return f"tax:{tax_id}"
    return f"name:{fold(name)}|{contact}"


def made_debt_id(
    key: str, product: str, issued_on: date | None, due_on: date, amount_minor: int
) -> str:
    """
    Make the id of a debt whose file gives none: from debtor, product, dates and amount.

    The same row in the next file meets itself. The risk: a debt whose amount or date the
    creditor corrects becomes a new debt beside the old one. A second row of a file that is alike
    in all five is refused, since it may be a copy or another debt. Ids are always better.
    """
    issued = issued_on.isoformat() if issued_on else ""
    return derived_id("auto", key, fold(product), issued, due_on.isoformat(), str(amount_minor))


def made_reference(key: str, external_id: str, paid_on: date, amount_minor: int) -> str:
    """
    Make the reference of a payment whose file gives none: from debtor, debt, day and amount.

    The risk: two equal payments of one debtor on one day count once. The second row is told.
    """
    return derived_id("auto", key, external_id, paid_on.isoformat(), str(amount_minor))
