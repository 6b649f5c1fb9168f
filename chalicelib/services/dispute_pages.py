"""How disputes are laid out: a line of the queue, one on its page, what the debtor is shown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from chalicelib.domain.case import CaseFile, CaseHead
from chalicelib.domain.days import local_day
from chalicelib.domain.dispute import Dispute, Evidence, Side
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.scan import Wanted
from chalicelib.services import scans
from chalicelib.services.access import MANAGERS

LINK_S = 300

Names = Callable[[set[str]], Mapping[str, str]]  # actor ids to names, as known


class Files(scans.Gives, Protocol):
    def link(self, key: str, *, filename: str, expires_s: int) -> str: ...


def lines(
    found: Iterable[tuple[CaseHead, Dispute]], portfolio: Portfolio, *, people: Names, now: datetime
) -> list[dict[str, Any]]:
    """What the queue shows of disputes."""
    several = list(found)
    who = people({f"user:{one.owner}" for _, one in several if one.owner})
    today = local_day(now, portfolio.time_zone)
    return [line(head, one, who, today) for head, one in several]


def line(head: CaseHead, dispute: Dispute, who: Mapping[str, str], today: date) -> dict[str, Any]:
    return {
        "dispute_id": dispute.dispute_id,
        "case_id": head.case_id,
        "case_name": head.name,
        "portfolio_id": head.portfolio_id,
        "kind": dispute.kind.value,
        "state": dispute.state.value,
        "source": dispute.source,
        "debts": list(dispute.debt_ids),
        "disputed": {"minor": head.disputed_minor, "currency": head.currency},
        "opened_at": to_plain(dispute.opened_at),
        "due_on": dispute.due_on.isoformat(),
        "late": dispute.late_on(today),
        "days_left": (dispute.due_on - today).days if dispute.live else None,
        "owner": _named(f"user:{dispute.owner}", who) if dispute.owner else None,
        "evidence": len(dispute.evidence),
        "ended_at": to_plain(dispute.ended_at),
    }


def page(
    file: CaseFile,
    portfolio: Portfolio,
    dispute: Dispute,
    *,
    actor: Actor,
    files: Files,
    people: Names,
    now: datetime,
) -> dict[str, Any]:
    """One dispute with its papers, each under an address good for some minutes."""
    ended = dispute.resolution
    named = {dispute.opened_by, *(one.by for one in dispute.evidence)}
    named |= {f"user:{dispute.owner}"} if dispute.owner else set()
    named |= {ended.by} if ended else set()
    who = people(named)
    letter = next(
        (one for one in file.documents if ended and one.document_id == ended.document_id), None
    )
    ways = _ways(dispute.evidence, files)
    money = {"currency": file.head.currency}
    manages = actor.role in MANAGERS
    return line(file.head, dispute, who, local_day(now, portfolio.time_zone)) | {
        "text": dispute.text,
        "claimed": None
        if dispute.claimed_minor is None
        else {"minor": dispute.claimed_minor} | money,
        "opened_by": _named(dispute.opened_by, who),
        "taken_up_at": to_plain(dispute.taken_up_at),
        "files": [
            {
                "evidence_id": one.evidence_id,
                "side": one.side.value,
                "name": one.name,
                "media_type": one.media_type,
                "size_bytes": one.size_bytes,
                "at": to_plain(one.at),
                "by": _named(one.by, who),
                "shown": one.shown,
                **way,
            }
            for one, way in zip(dispute.evidence, ways, strict=True)
        ],
        "resolution": None
        if ended is None
        else {
            "at": to_plain(ended.at),
            "by": _named(ended.by, who),
            "reason": ended.reason,
            "adjusted": {"minor": ended.adjusted_minor} | money,
            "code": ended.code,
            "letter": files.link(letter.key, filename=letter.filename, expires_s=LINK_S)
            if letter
            else None,
        },
        "can": {
            "take": dispute.live and (manages or dispute.owner != actor.person_id),
            "give": dispute.live and manages,
            "resolve": dispute.live and manages,
            "evidence": True,
        },
    }


def for_debtor(dispute: Dispute, file: CaseFile, files: Files) -> dict[str, Any]:
    """What the debtor sees of it: their words and papers, ours that are shown, the answer."""
    ended = dispute.resolution
    letter = next(
        (one for one in file.documents if ended and one.document_id == ended.document_id), None
    )
    seen = [one for one in dispute.evidence if one.side is Side.DEBTOR or one.shown]
    return {
        "dispute_id": dispute.dispute_id,
        "kind": dispute.kind.value,
        "state": dispute.state.value,
        "debts": list(dispute.debt_ids),
        "text": dispute.text,
        "opened_at": to_plain(dispute.opened_at),
        "due_on": dispute.due_on.isoformat(),
        "files": [
            {
                "name": one.name,
                "mine": one.side is Side.DEBTOR,
                **way,
            }
            for one, way in zip(seen, _ways(seen, files), strict=True)
        ],
        "answer": ended.reason if ended else "",
        "letter": files.link(letter.key, filename=letter.filename, expires_s=LINK_S)
        if letter
        else None,
    }


def _ways(evidence: Sequence[Evidence], files: Files) -> list[dict[str, Any]]:
    return scans.shown([Wanted(one.key, one.name) for one in evidence], files, expires_s=LINK_S)


def _named(actor_id: str, who: Mapping[str, str]) -> dict[str, str]:
    return {"id": actor_id.removeprefix("user:"), "name": who.get(actor_id, "")}
