"""
Receipts of payments: issued with the payment, sent at once, annulled when the money goes back.

A receipt follows from a payment in the same change of the case (``services.incoming``). Its
message is in the outbox like any other and asks the gate; as an answer to what the debtor did it
asks for no hour and no cap within a day of the payment, and goes to the debtor and nobody else.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.case import CaseFile
from chalicelib.domain.document import DocumentKind, IssuedDocument
from chalicelib.domain.draft import Draft
from chalicelib.domain.ledger import Entry, EntryKind
from chalicelib.domain.payment import BackKind
from chalicelib.domain.received import Received
from chalicelib.domain.spoken import LANGUAGES, language_of
from chalicelib.messages import receipt
from chalicelib.messages.receipt import Paid, ReceiptFacts
from chalicelib.services import issued, papers_out

TEMPLATE = "payment_thanks"


def follow(means: issued.Means, *, now: datetime) -> Callable[[Draft, CaseFile, Received], None]:
    """
    Make what gives a payment its receipt, and takes back that of one that changed.

    To be called with the draft on which the payment is posted.
    """

    def do(draft: Draft, file: CaseFile, received: Received) -> None:
        of = key_of(received)
        for earlier in list(draft.documents):
            stands = earlier.of == of and received.posted_minor > 0
            if _is_of(earlier, received) and not stands:
                draft.annul(earlier.document_id, _why(received))
        posted = [
            entry
            for entry in draft.entries()
            if entry.kind is EntryKind.PAYMENT
            and (entry.source, entry.reference) == (received.payment.provider, received.reference)
        ]
        if not posted:
            return
        language = _language(draft, file, received)
        said = _facts(draft, file, received, posted)
        day, amount = said.paid_on, said.amount_minor
        document = issued.issue(
            draft,
            DocumentKind.RECEIPT,
            of=of,
            render=lambda stamp: receipt.render(
                replace(said, code=stamp.code, url=stamp.url),
                draft.portfolio,
                language=language,
                made_at=stamp.issued_at,
            ),
            filename=receipt.file_name(language, day),
            language=language,
            facts={
                "amount": {"minor": amount, "currency": file.head.currency},
                "on": day.isoformat(),
                "reference": received.payment.payment_id,
            },
            means=means,
            now=now,
        )
        _tell(draft, file, received, document, now)

    return do


def key_of(received: Received) -> str:
    """Name what a receipt is for: a payment as it is posted now."""
    revision = f"~{received.revision}" if received.revision else ""
    return f"{received.received_id}{revision}"


# Private


def _is_of(document: IssuedDocument, received: Received) -> bool:
    named = document.of.partition("~")[0] == received.received_id
    return named and document.kind is DocumentKind.RECEIPT


def _why(received: Received) -> str:
    """Why an earlier receipt stands no more."""
    backs = [back for back in received.payment.backs if not back.returned]
    if received.posted_minor or not backs:
        return "replaced"
    last = max(backs, key=lambda back: back.at)
    return "charged_back" if last.kind is BackKind.CHARGEBACK else "refunded"


def _language(draft: Draft, file: CaseFile, received: Received) -> str:
    """The one that was paid in, else the one the debtor is written to in."""
    checkout = draft.checkout(received.checkout_id)
    if checkout is not None and checkout.language in LANGUAGES:
        return checkout.language
    return language_of(file, draft.portfolio)


def _facts(draft: Draft, file: CaseFile, received: Received, posted: list[Entry]) -> ReceiptFacts:
    """What a receipt says, its stamp aside."""
    references = {debt.debt_id: debt.external_id for debt in draft.debts}
    return ReceiptFacts(
        name=file.head.name,
        amount_minor=-sum(entry.amount_minor for entry in posted),
        currency=file.head.currency,
        paid_on=posted[0].effective_on,
        method=received.payment.method,
        reference=received.payment.payment_id,
        paid=[
            Paid(
                reference=references.get(entry.debt_id, ""),
                principal_minor=-entry.principal_minor,
                interest_minor=-entry.interest_minor,
                fees_minor=-entry.fees_minor,
            )
            for entry in posted
        ],
        over_minor=received.over_minor,
        balance_minor=draft.owed_today(),
    )


def _tell(
    draft: Draft, file: CaseFile, received: Received, document: IssuedDocument, now: datetime
) -> None:
    """Put the receipt's message into the outbox, for now; one a receipt, however often asked."""
    checkout = draft.checkout(received.checkout_id)
    papers_out.send(
        draft,
        file,
        document,
        why=papers_out.RECEIPT,
        template_id=TEMPLATE,
        answers=received.checkout_id,
        came_by=checkout.contact_id if checkout is not None else "",
        now=now,
    )
