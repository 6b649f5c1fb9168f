"""How it is proven that a debtor accepted an agreement: a code, a signature, a recorded call."""

from datetime import datetime
from typing import Any

from chalicelib.domain.agreements import (
    Agreement,
    AgreementState,
    Proof,
    ProofKind,
    terms_digest,
)
from chalicelib.domain.case import CaseFile
from chalicelib.domain.errors import AgreementNotFound, AgreementSettled, NotProven
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import instant
from chalicelib.services import casework, one_time_codes

PURPOSE = "agreement"
SIGNATURE = "signature"  # the kind of photo of a visit that holds one
LONGEST_REFERENCE = 120


def send_code(
    case_id: str,
    agreement_id: str,
    *,
    actor: Actor,
    means: one_time_codes.Means,
    now: datetime,
) -> dict[str, Any]:
    """
    Send the debtor a code for an agreement as it stands; changed terms want another.

    Raises:
        AgreementNotFound, AgreementSettled: There is none to accept.
        TooManyAttempts, CodeNotSent.
    """
    file, known = _proposed(case_id, agreement_id, actor=actor, means=means)
    code = one_time_codes.confirm(
        case_id, PURPOSE, subject_of(known), by=actor.actor_id, means=means, now=now
    )
    return {
        "code_id": code.code_id,
        "to": masked(file, code.contact_id),
        "expires_at": instant(code.expires_at),
    }


def of_staff(
    case_id: str,
    agreement_id: str,
    *,
    kind: ProofKind,
    reference: str,
    code: str,
    sha256: str,
    actor: Actor,
    means: one_time_codes.Means,
    now: datetime,
) -> Proof:
    """
    Check what somebody brings as the debtor's yes.

    A signature is of a visit of this case that was signed; a call is named by its recording.
    An agreement that is signed already is let through: accepting twice changes nothing.

    Raises:
        NotProven: details: ``reason``.
        CodeNotValid: Of a code.
    """
    file, _ = casework.opened(case_id, actor=actor, cases=means.cases, portfolios=means.portfolios)
    known = _of(file, agreement_id)
    if known.proof is not None:
        return known.proof
    if kind is ProofKind.CODE:
        proof = one_time_codes.check(
            reference,
            code,
            case_id=case_id,
            purpose=PURPOSE,
            subject=subject_of(known),
            means=means,
            now=now,
        )
        return Proof(kind=kind, reference=proof.code_id, to=masked(file, proof.contact_id))
    if kind is ProofKind.SIGNATURE:
        return _signed(file, reference)
    recording = casework.text(reference, "reference", longest=LONGEST_REFERENCE)
    return Proof(kind=kind, reference=recording, sha256=sha256)


def of_visit(file: CaseFile, visit_id: str, *, actor: Actor) -> Proof:
    """
    Take the signature that the actor's own visit brought from the door.

    Raises:
        NotProven: There is no such visit of theirs, or nobody signed.
    """
    wanted = (visit_id, actor.actor_id)
    if all((one.visit_id, f"user:{one.person_id}") != wanted for one in file.visits):
        raise NotProven(reason="no_visit")
    return _signed(file, visit_id)


def subject_of(agreement: Agreement) -> str:
    """What a code stands for: these terms and no others."""
    return f"{agreement.agreement_id}:{terms_digest(agreement)}"


def masked(file: CaseFile, contact_id: str) -> str:
    """Show of a contact point what its owner knows it by: last digits, or the first letter."""
    point = next((one for one in file.contacts if one.contact_id == contact_id), None)
    if point is None:
        return ""
    name, at, domain = point.value.partition("@")
    return f"{name[:1]}•••@{domain}" if at else f"•••{point.value[-4:]}"


def _signed(file: CaseFile, visit_id: str) -> Proof:
    """The signature that a visit brought from the door."""
    for visit in file.visits:
        for photo in visit.report.photos if visit.visit_id == visit_id else ():
            if photo.kind == SIGNATURE:
                return Proof(kind=ProofKind.SIGNATURE, reference=visit_id, sha256=photo.sha256)
    raise NotProven(reason="no_signature")


def _proposed(
    case_id: str, agreement_id: str, *, actor: Actor, means: one_time_codes.Means
) -> tuple[CaseFile, Agreement]:
    file, _ = casework.opened(case_id, actor=actor, cases=means.cases, portfolios=means.portfolios)
    known = _of(file, agreement_id)
    if known.state is not AgreementState.PROPOSED:
        raise AgreementSettled(agreement_id=agreement_id, state=known.state.value)
    return file, known


def _of(file: CaseFile, agreement_id: str) -> Agreement:
    known = next((one for one in file.agreements if one.agreement_id == agreement_id), None)
    if known is None:
        raise AgreementNotFound(agreement_id=agreement_id)
    return known
