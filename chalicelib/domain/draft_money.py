"""What paying does to a case beside its ledger: the documents that are issued for it."""

from collections.abc import Collection
from dataclasses import replace

from chalicelib.domain.document import DocumentKind, IssuedDocument
from chalicelib.domain.draft_visits import DraftVisits
from chalicelib.domain.errors import DocumentNotFound


class DraftMoney(DraftVisits):
    """A draft for which documents are issued; see ``domain.draft``."""

    @property
    def documents(self) -> Collection[IssuedDocument]:
        return self._documents.values()

    def document(self, kind: DocumentKind, of: str) -> IssuedDocument | None:
        """The document of a kind that was issued for something; None when none was."""
        found = (one for one in self._documents.values() if (one.kind, one.of) == (kind, of))
        return next(found, None)

    def issue(self, document: IssuedDocument) -> bool:
        """
        Put a document that was made and kept on file; see ``services.issued``.

        A void case takes it too: what was issued is in somebody's hands. Says whether it was new.
        """
        if document.document_id in self._documents:
            return False
        self._put_document(document)
        facts = {
            "document_id": document.document_id,
            "document": document.kind.value,
            "of": document.of,
            "sha256": document.sha256,
        }
        self._tell("document.issued", facts, {})
        return True

    def annul(self, document_id: str, why: str) -> bool:
        """
        Note that a document stands no more. Says whether it still did; it stays on file.

        Args:
            why: A stable code: ``refunded``, ``charged_back``, ``broken``, ``replaced``.

        Raises:
            DocumentNotFound: None such of this case.
        """
        known = self._documents.get(document_id)
        if known is None:
            raise DocumentNotFound(document_id=document_id)
        if known.annulled_at is not None:
            return False
        self._put_document(replace(known, annulled_at=self._now, annulled_why=why))
        facts = {"document_id": document_id, "document": known.kind.value, "why": why}
        self._tell("document.annulled", facts, {})
        return True

    # Private

    def _put_document(self, document: IssuedDocument) -> None:
        key = document.document_id
        self._documents[key] = self._put_documents[key] = document
