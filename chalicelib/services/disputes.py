"""
Disputes: one way in for all of them, whoever tells of one and wherever.

The debtor's page, the bot, an agent's visit and the panel open them through ``open_in``, in the
change that stops collection of what is disputed.
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.case import CaseFile
from chalicelib.domain.dispute import Dispute, DisputeKind, DisputeState
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import BadField, DisputeNotFound
from chalicelib.domain.ids import derived_id
from chalicelib.services import casework
from chalicelib.services.access import Portfolios
from chalicelib.services.casework import Cases
from chalicelib.services.working_days import after_working_days

MOST_TEXT = 2_000
MOST_MINOR = 10**15


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """
    What somebody does not agree with.

    Args:
        debt_ids: Of the case; empty = all of it.
        text: In their words.
        claimed_minor: What they say is owed instead, in minor units.
        source: ``self_pay``, ``whatsapp``, ``sms``, ``email``, ``visit``, ``call``, ``panel``.
    """

    kind: DisputeKind
    source: str
    debt_ids: tuple[str, ...] = ()
    text: str = ""
    claimed_minor: int | None = None


def open(
    case_id: str,
    claim: Claim,
    *,
    key: str,
    by: str,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> Dispute:
    """
    Open a dispute where the caller has made sure of who asks: the debtor's own page.

    Collection of what it is about stops in the same change. The same dispute told again while
    it is under way is the one there is, with what was said added to it.

    Args:
        key: Names this request; a second one with the same key changes nothing.
        by: The actor, as on the timeline: ``debtor:<case id>``.

    Raises:
        CaseNotFound, CaseVoid: As everywhere.
        BadField: The amount is negative or above any.
        DebtNotFound: It names a debt that the case does not have.
    """
    opened: list[str] = []

    def do(draft: Draft, *_: object) -> None:
        opened[:] = [open_in(draft, claim, key=key, now=now)]

    casework.change_by_machine(case_id, do, cases=cases, portfolios=portfolios, now=now, by=by)
    return of(cases.open(case_id), opened[0])


def open_in(draft: Draft, claim: Claim, *, key: str, now: datetime) -> str:
    """
    Open a dispute on a draft, together with whatever else the change does; gives its id.

    The portfolio's person for disputes gets it, if one is set.

    Raises:
        BadField, DebtNotFound: See ``open``.
    """
    if claim.claimed_minor is not None and not 0 <= claim.claimed_minor <= MOST_MINOR:
        raise BadField(field="claimed_minor", reason="not_positive")
    text = claim.text.strip()[:MOST_TEXT]
    debt_ids = _all_or_some(draft, claim.debt_ids)
    dispute_id = derived_id("dsp", draft.case_id, key)
    known = draft.live_dispute(claim.kind, debt_ids)
    if known is not None:
        if known.dispute_id != dispute_id:
            draft.say_more(known.dispute_id, text)
        return known.dispute_id
    policy = draft.portfolio.policies.disputes
    draft.open_dispute(
        Dispute(
            dispute_id=dispute_id,
            kind=claim.kind,
            state=DisputeState.OPEN,
            source=claim.source,
            opened_at=now,
            opened_by=draft.actor,
            due_on=after_working_days(draft.portfolio, draft.today, policy.answer_days),
            hold_id=derived_id("hol", dispute_id),
            debt_ids=debt_ids,
            text=text,
            claimed_minor=claim.claimed_minor,
            owner=policy.owner,
        )
    )
    return dispute_id


def of(file: CaseFile, dispute_id: str) -> Dispute:
    """
    Raises:
        DisputeNotFound: Not of this case.
    """
    for one in file.disputes:
        if one.dispute_id == dispute_id:
            return one
    raise DisputeNotFound(dispute_id=dispute_id)


# What the bot and the phone call what they are told, where that is another word than ours.
_WORDS = {
    "wrong_person": DisputeKind.NOT_MINE,
    "amount": DisputeKind.WRONG_AMOUNT,
    "identity_theft": DisputeKind.FRAUD,
    "goods": DisputeKind.GOODS,
}


def kind_of(word: str) -> DisputeKind:
    """
    Read what a debtor's words were taken for; OTHER when it is nothing known.

    >>> kind_of("identity_theft").value, kind_of("already_paid").value, kind_of("?").value
    ('fraud', 'already_paid', 'other')
    """
    known = next((kind for kind in DisputeKind if kind.value == word), DisputeKind.OTHER)
    return _WORDS.get(word, known)


def _all_or_some(draft: Draft, debt_ids: tuple[str, ...]) -> tuple[str, ...]:
    """The debts meant, each once and in order; all of a case's debts are the whole case."""
    named = tuple(sorted(set(debt_ids)))
    alive = {debt.debt_id for debt in draft.debts if not debt.void}
    return () if set(named) >= alive and alive else named
