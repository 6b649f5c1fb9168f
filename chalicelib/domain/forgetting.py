"""
What of a case says who its person is: each row as it stays, without that.

One truth for what is counted beforehand and what is erased: a row holds something personal as
long as its bare form differs from it. ``compliance/erasure_rules.json`` says why the rest stays.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from chalicelib.domain.agreements import Agreement
from chalicelib.domain.case import CaseFile, CaseHead, Debt
from chalicelib.domain.checkout import Checkout
from chalicelib.domain.contact import Attempt, AttemptState, Consent, Hold
from chalicelib.domain.creditor_paper import CreditorPaper
from chalicelib.domain.dispute import Dispute
from chalicelib.domain.document import IssuedDocument
from chalicelib.domain.reported import Reported
from chalicelib.domain.task import Task
from chalicelib.domain.visit import Clash, Report, Visit

T = TypeVar("T")


def bare_head(head: CaseHead, number: str) -> CaseHead:
    """
    Args:
        number: Of the request by which it is erased; the page says so in place of a name.
    """
    return replace(
        head,
        debtor_key="",
        name="",
        tax_id="",
        city="",
        tags=(),
        language=None,
        wish=None,
        erased=number,
    )


def bare_debt(one: Debt) -> Debt:
    """The creditor's number of it and what it owes are the account; words about it are not."""
    mute = tuple(
        replace(each, note="", answer="", return_note="") if _worded(each) else each
        for each in one.charge_offs
    )
    return replace(one, charge_offs=mute) if mute != one.charge_offs else one


def bare_attempt(one: Attempt) -> Attempt:
    """A provider's id of a message may hold the number that it went to."""
    return replace(one, content=None, provider_id="")


def bare_consent(one: Consent) -> Consent:
    return replace(one, words="")


def bare_hold(one: Hold) -> Hold:
    return replace(one, note="")


def bare_task(one: Task) -> Task:
    return replace(one, text="", outcome="")


def bare_agreement(one: Agreement) -> Agreement:
    proof = replace(one.proof, to="", evidence="") if one.proof else None
    return replace(one, reason="", proof=proof)


def bare_checkout(one: Checkout) -> Checkout:
    """The provider's own id of it stays: money that comes late is known by it."""
    return replace(one, url="", instructions=(), contact_id="")


def bare_dispute(one: Dispute) -> Dispute:
    ended = replace(one.resolution, reason="") if one.resolution else None
    return replace(one, text="", evidence=(), resolution=ended)


def bare_reported(one: Reported) -> Reported:
    return replace(one, reference="", words="", evidence=(), answer="")


def bare_paper(one: CreditorPaper) -> CreditorPaper:
    return replace(one, name="", why="", key="", ended_at=one.ended_at or one.at, erased=True)


def bare_document(one: IssuedDocument) -> IssuedDocument:
    """Its code and digest stay, so that whoever holds it can still check it."""
    return replace(one, key="", filename="")


def bare_visit(one: Visit) -> Visit:
    """That it was made, when, by whom and what it came to stays; where, and what was found, not."""
    found, report = one.findings, one.report
    return replace(
        one,
        signature="",
        arrived=(),
        report=_bare_report(report),
        findings=replace(
            found, cell="", clashes=tuple(Clash(code=each.code) for each in found.clashes)
        ),
        review=replace(one.review, reason="") if one.review else None,
    )


def waits(one: Attempt) -> bool:
    """Whether it has not gone yet and is not to."""
    return one.state is AttemptState.PLANNED


def files_of(file: CaseFile) -> set[str]:
    """Keys of the files in the bucket of evidence that the rows of a case name."""
    keys = {paper.key for paper in file.papers} | {paper.key for paper in file.documents}
    keys |= {each.key for dispute in file.disputes for each in dispute.evidence}
    keys |= {each.key for told in file.reported for each in told.evidence}
    keys |= {one.proof.evidence for one in file.agreements if one.proof}
    return {key for key in keys if key}


def counted(file: CaseFile) -> dict[str, int]:
    """Count what of a case would go, by the codes of the rules; what is nothing is left out."""
    head = file.head
    found = {
        "name": int(bool(head.name)),
        "tax_id": int(bool(head.tax_id)),
        "contacts": len(file.contacts),
        "addresses": len(file.addresses),
        "wishes": sum(map(bool, (head.language, head.wish, head.tags))),
        "notes": sum(bool(event.personal) for event in file.events),
        "words": _number(bare_debt, file.debts)
        + _number(bare_consent, file.consents)
        + _number(bare_hold, file.holds)
        + _number(bare_agreement, file.agreements)
        + _number(bare_dispute, file.disputes)
        + _number(bare_reported, file.reported),
        "messages": _number(bare_attempt, file.attempts),
        "waiting": sum(waits(one) for one in file.attempts),
        "tasks": _number(bare_task, file.tasks),
        "visits": _number(bare_visit, file.visits),
        "photos": sum(len(one.report.photos) for one in file.visits),
        "answers": sum(bool(one.report.form and one.report.form.answers) for one in file.visits),
        "files": _number(bare_paper, file.papers) + _number(bare_document, file.documents),
        "links": _number(bare_checkout, file.checkouts),
    }
    return {code: number for code, number in found.items() if number}


def kept(file: CaseFile) -> dict[str, int]:
    """Count what of a case would stay, likewise."""
    found = {
        "ledger": len(file.entries),
        "debts": len(file.debts),
        "payments": len(file.received) + len(file.checkouts),
        "agreements": len(file.agreements) + len(file.promises),
        "receipts": len(file.documents) + sum(one.report.cash is not None for one in file.visits),
        "chain": len(file.events),
        "contact_proof": len(file.attempts) + len(file.visits),
        "refusals": len(file.contacts) + len(file.addresses) + bool(file.head.tax_id),
    }
    return {code: number for code, number in found.items() if number}


def empty(file: CaseFile) -> bool:
    """Whether nothing personal of a case is left."""
    return bool(file.head.erased) and not counted(file)


# Private


def _bare_report(one: Report) -> Report:
    told, denied = one.payment_report, one.dispute
    return replace(
        one,
        fixes=(),
        exception=replace(one.exception, text="") if one.exception else None,
        met=replace(one.met, name="") if one.met else None,
        form=replace(one.form, answers={}) if one.form else None,
        payment_report=replace(told, reference="", photo_id=None) if told else None,
        dispute=replace(denied, text="") if denied else None,
        contacts=(),
        address=None,
        notice_photo_id=None,
        note="",
        photos=(),
    )


def _worded(one: object) -> bool:
    return any(getattr(one, name) for name in ("note", "answer", "return_note"))


def _number(bare: Callable[[T], T], rows: Iterable[T]) -> int:
    return sum(bare(one) != one for one in rows)
