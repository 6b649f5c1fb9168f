"""The creditor's own documents as proof of a debt: what each is, what its file's name says."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.kept_file import KeptFile
from chalicelib.domain.names import folded

# Each opens with its case: as many as a person still reads through.
MOST_PAPERS = 200
MOST_NAME = 120


class PaperKind(StrEnum):
    """NOTE is a promissory note; DELIVERY shows that goods or a service were received."""

    INVOICE = "invoice"
    NOTE = "note"
    CONTRACT = "contract"
    STATEMENT = "statement"
    DELIVERY = "delivery"
    GUARANTEE = "guarantee"
    OTHER = "other"


# What speaks of somebody else, or of nobody knows what, is not shown unless somebody says so.
SHOWN = frozenset(PaperKind) - {PaperKind.GUARANTEE, PaperKind.OTHER}

# What creditors call them in the names of their files; folded.
_WORDS = {
    PaperKind.INVOICE: ("FACTURA", "INVOICE", "FATURA", "BOLETA", "NOTA FISCAL", "NF", "CFDI"),
    PaperKind.NOTE: ("PAGARE", "PROMISSORY NOTE", "NOTA PROMISSORIA", "LETRA"),
    PaperKind.CONTRACT: ("CONTRATO", "CONTRACT", "CONVENIO", "SOLICITUD"),
    PaperKind.STATEMENT: ("ESTADO DE CUENTA", "ESTADO", "STATEMENT", "EXTRACTO", "EXTRATO"),
    PaperKind.DELIVERY: ("REMISION", "ENTREGA", "DELIVERY", "GUIA", "ACUSE"),
    PaperKind.GUARANTEE: ("GARANTIA", "AVAL", "GUARANTEE", "FIANZA"),
    PaperKind.OTHER: ("OTRO", "OTHER", "OUTRO", "ANEXO"),
}
_KIND_OF = {word: kind for kind, words in _WORDS.items() for word in words}
_ENDING = re.compile(r"\.(pdf|png|jpe?g|webp)$", re.IGNORECASE)
_COPY = re.compile(r"\s*\(\d{1,3}\)$")  # what a computer adds to the second file of a name
_APART = re.compile(r"__|[-_ ]+(?=[^-_ ])")


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditorPaper(KeptFile):
    """
    A document that the creditor put beside a case.

    Args:
        paper_id: Made from the case, the debt and the bytes, so the same file is there once.
        debt_id: The debt it proves; empty = the whole case.
        replaces, replaced_by: The one it stands in place of, or that stands in its place.
        ended_at, ended_by, why: When it was withdrawn or replaced; ``why`` is personal.
        erased: Its file and its name are gone for good, by request of somebody it speaks of.
    """

    paper_id: str
    kind: PaperKind
    debt_id: str = ""
    shown: bool = False
    replaces: str = ""
    replaced_by: str = ""
    ended_at: datetime | None = None
    ended_by: str = ""
    why: str = ""
    erased: bool = False

    @property
    def stands(self) -> bool:
        return self.ended_at is None and not self.erased

    def proves(self, debt_id: str) -> bool:
        """Say whether it stands as proof of a debt; what is of the whole case proves each."""
        return self.stands and self.debt_id in ("", debt_id)


@dataclass(frozen=True, slots=True)
class Meant:
    """What a file's name may mean: the creditor's id of a debt, and a kind where it says one."""

    external_id: str
    kind: PaperKind | None


def meanings(filename: str) -> Iterator[Meant]:
    """
    Read a file's name: ``<debt>.pdf``, ``<debt>_pagare.pdf``, ``<debt>__anything.pdf``.

    The longest id first. Never cut at any hyphen: ``F-10-2`` is no paper of ``F-10``, and a
    proof that lies with the wrong debt is worse than none.

    >>> [one.external_id for one in meanings("F-10-2.pdf")]
    ['F-10-2']
    >>> [(one.external_id, one.kind) for one in meanings("F-10_Pagaré (2).PDF")][-1]
    ('F-10', <PaperKind.NOTE: 'note'>)
    >>> [one.external_id for one in meanings("F-10__acta del 3 de mayo.pdf")]
    ['F-10__acta del 3 de mayo', 'F-10']
    """
    stem = _ENDING.sub("", filename.strip())
    tried: set[str] = set()
    for text in (stem, _COPY.sub("", stem)):
        for found in _read(text):
            if found.external_id and found.external_id not in tried:
                tried.add(found.external_id)
                yield found


def kind_named(text: str) -> PaperKind | None:
    """Say which kind a word is, as creditors write it in names of files."""
    return _KIND_OF.get(folded(text))


def _read(text: str) -> Iterator[Meant]:
    yield Meant(text.strip(), None)
    for cut in reversed(list(_APART.finditer(text))):
        rest = text[cut.end() :]
        kind = kind_named(rest.split("__")[0])
        if kind is not None or cut.group() == "__":
            yield Meant(text[: cut.start()].strip(), kind)
