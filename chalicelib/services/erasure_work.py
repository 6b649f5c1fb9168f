"""
Carrying an erasure out, case by case: what was approved goes, and what the rules name stays.

Nothing of it is remembered but how many cases are done. Each step erases what is still there, so
that a worker may die anywhere, or two be at it, and what is left is the same. Of a case, what is
found by its values goes first, its rows next and its head last.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from chalicelib.domain.case import CaseFile
from chalicelib.domain.conversation import STORED
from chalicelib.domain.data_request import DataRequest, RequestState
from chalicelib.domain.draft import Draft
from chalicelib.domain.erasure import Erasure, ErasureState
from chalicelib.domain.forgetting import files_of
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.suppressed import address_text
from chalicelib.domain.visit import Mark, Visit
from chalicelib.services import (
    casework,
    conversation_erasure,
    creditor_papers,
    data_requests,
    debtor_links,
    dispute_desk,
    enclosures,
    erasure_lists,
    issued,
    payment_reports,
    request_letters,
    suppression,
    visit_judging,
    visit_photos,
    visit_points,
)
from chalicelib.services.conversation_ports import Means as Conversing
from chalicelib.services.erasures import Queue as Again
from chalicelib.services.erasures import message, spoken

# Rows of one change, see ``Draft.items``; a visit may bring a dozen marks beyond.
MOST_ROWS = 60
RESERVE_S = 30.0
LETTERS = "print"  # their provider; its id of a letter is where that lies
PACKS = "packs"
# Folders of the bucket of evidence in which a case has one of its own.
FOLDERS = (
    creditor_papers.FOLDER,
    dispute_desk.FOLDER,
    payment_reports.FOLDER,
    enclosures.FOLDER,
    visit_photos.FOLDER,
)


class Files(Protocol):
    def erase(self, key: str) -> None: ...
    def erase_under(self, prefix: str) -> None:
        """Take all objects under a prefix away, with every version of each. Safe to repeat."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """
    Args:
        register: What requests are kept with.
        evidence, exports: Buckets: what is proof, what is there to be downloaded.
    """

    register: data_requests.Means
    conversing: Conversing
    links: debtor_links.Links
    lists: erasure_lists.Means
    evidence: Files
    exports: Files
    suppression: suppression.Means
    queue: Again


def work(
    portfolio_id: str,
    request_id: str,
    *,
    means: Means,
    now: datetime,
    time_left_s: Callable[[], float],
) -> int:
    """
    Go on with an erasure that was approved; what time does not allow is the next message's.

    Safe to repeat at any point. Says how many cases were done.

    Raises:
        CaseMoved: Others kept changing a case; the message comes again.
    """
    requests, portfolios = means.register.requests, means.register.portfolios
    one, portfolio = requests.get(portfolio_id, request_id), portfolios.get(portfolio_id)
    done = 0
    while one is not None and portfolio is not None:
        made = one.erasure
        if made is None or made.state is not ErasureState.RUNNING:
            if one.state is RequestState.DONE:
                data_requests.tell(one, portfolio, means=means.register, now=now)
            return done
        if made.erased >= len(made.case_ids):
            means.exports.erase_under(f"{request_letters.FOLDER}/{portfolio_id}/{request_id}/")
            one = _saved(_ended(one, made, now), means)
            continue
        if time_left_s() < RESERVE_S:
            means.queue.send([message(one)])
            return done
        _case(made.case_ids[made.erased], one, portfolio, means=means, now=now)
        one = _saved(replace(one, erasure=replace(made, erased=made.erased + 1)), means)
        done += 1
    return done


# Private


def _saved(wanted: DataRequest, means: Means) -> DataRequest | None:
    """Write how far it is; where somebody else has since, as that now stands."""
    requests = means.register.requests
    return requests.save(wanted) or requests.get(wanted.portfolio_id, wanted.request_id)


def _ended(one: DataRequest, made: Erasure, now: datetime) -> DataRequest:
    """The request, carried out, and without what it says of who asked."""
    said = one.stepped(
        "erased",
        actor=made.decided_by,
        now=now,
        state=RequestState.DONE,
        ended_at=now,
        name="",
        words="",
        reply_to="",
        answer=replace(one.answer, text="") if one.answer else None,
        erasure=replace(made, state=ErasureState.DONE, note="", finished_at=now),
    )
    return replace(said, steps=tuple(replace(step, note="") for step in said.steps))


def _case(
    case_id: str, one: DataRequest, portfolio: Portfolio, *, means: Means, now: datetime
) -> None:
    file = means.register.cases.open(case_id)
    made = one.erasure
    by = made.decided_by if made else ""
    suppression.suppress(
        portfolio.portfolio_id,
        _own(file),
        request_id=one.request_id,
        now=now,
        means=means.suppression,
        by=by or casework.MACHINE,
    )
    _talks(file, one, means=means, now=now)
    _files(file, means)
    since = (made and made.decided_at) or one.made_at
    debtor_links.end_all(case_id, links=means.links, since=since, now=now)
    erasure_lists.forget(file, portfolio, means=means.lists)
    _rows(case_id, one.number, means=means, now=now, by=by)


def _own(file: CaseFile) -> Iterator[suppression.Value]:
    """
    What of a case is the person's own, and nobody is to take in again.

    A number of somebody else on the case goes, too, but is no refusal of theirs.
    """
    for point in file.contacts:
        if point.party == "debtor":
            yield point.kind.value, point.value
    for address in file.addresses:
        yield "address", address_text(address.lines, address.city, address.postal_code)
    if file.head.tax_id:
        yield "tax", file.head.tax_id


def _talks(file: CaseFile, one: DataRequest, *, means: Means, now: datetime) -> None:
    made = one.erasure
    ours = frozenset(made.case_ids if made else one.case_ids)
    for talk in spoken(file, means.conversing.conversations).values():
        conversation_erasure.forget_person(
            talk, ours, means=means.conversing, files=means.evidence, now=now
        )


def _files(file: CaseFile, means: Means) -> None:
    """Take files away: those that rows name, and whatever lies in the case's own folders."""
    case_id, owner = file.head.case_id, file.head.portfolio_id
    for folder in FOLDERS:
        means.evidence.erase_under(f"{folder}/{case_id}/")
    means.evidence.erase_under(f"{issued.FOLDER}/{owner}/{case_id}/")
    means.exports.erase_under(f"{PACKS}/{owner}/{case_id}/")
    received = {
        key
        for attempt in file.attempts
        if attempt.content is not None
        for key in attempt.content.attachments
        if key.startswith(STORED)
    }
    for key in sorted(files_of(file) | received):
        means.evidence.erase(key)
    for attempt in file.attempts:
        if attempt.provider == LETTERS and attempt.provider_id:
            stem = attempt.provider_id.removesuffix(".pdf")
            means.evidence.erase_under(stem)  # with what was enclosed, and its line of the list


def _rows(case_id: str, number: str, *, means: Means, now: datetime, by: str) -> None:
    more = True

    def do(draft: Draft, file: CaseFile, _: Portfolio) -> None:
        nonlocal more
        more = draft.forget(number, marks=_marks(file), most_items=MOST_ROWS)

    while more:
        casework.change_by_machine(
            case_id,
            do,
            cases=means.register.cases,
            portfolios=means.register.portfolios,
            now=now,
            by=by or casework.MACHINE,
        )


def _marks(file: CaseFile) -> Callable[[Visit], Iterable[Mark]]:
    """What of a visit's marks tells of a place or a picture; that of the phone stays."""

    def marks(visit: Visit) -> Iterator[Mark]:
        yield from visit_judging.places_of(visit.visit_id, visit.report)
        for address in file.addresses:
            if address.address_id == visit.report.address_id:
                yield visit_points.mark_of(file, address)

    return marks
