"""What paying leaves at cases, found without its case: documents by their code."""

from chalicelib.domain.document import IssuedDocument
from chalicelib.store.case_keys import code_pk
from chalicelib.store.case_rows import document_of
from chalicelib.store.case_visits import CaseVisits


class CaseMoney(CaseVisits):
    """Reads of documents; a code is found a moment after its document was issued."""

    def of_code(self, code: str) -> tuple[str, IssuedDocument] | None:
        """Find a document by the code that is printed on it: (portfolio id, document)."""
        rows = self._wire.query(
            {
                "TableName": self._cases,
                "IndexName": "lookup",
                "KeyConditionExpression": "lookup_pk = :pk",
                "ExpressionAttributeValues": {":pk": {"S": code_pk(code)}},
                "Limit": 1,
            }
        )
        keys = [(row["pk"]["S"], row["sk"]["S"]) for row in rows]
        items = self._wire.get_many(self._cases, keys)
        return (items[0]["portfolio_id"]["S"], document_of(items[0])) if items else None
