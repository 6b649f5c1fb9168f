"""
The queue of calls: the next case for a person, and what they may do with it instead of calling.

A case is given out under a lease: nobody else gets it while it lasts, and it comes back if
nothing becomes of it. Before that it is opened and judged anew, for what was true when the
queue was made may be over: what was paid leaves, what the law does not let be called now waits
for its hour.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from chalicelib.compliance.decision import allowed_until
from chalicelib.domain.call_turn import Listed, Place, Turn, Why, called_back, on, ready
from chalicelib.domain.case import CaseFile, CaseHead
from chalicelib.domain.contact import Channel
from chalicelib.domain.days import local_day
from chalicelib.domain.errors import CaseNotFound, TurnTaken
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.priority import (
    Priority,
    at_hour,
    behind,
    closing,
    for_quota,
    minutes,
    rank,
    with_points,
)
from chalicelib.services import call_notices, casework, contacting, good_hours, ranking, turn_moves
from chalicelib.services.access import MANAGERS, STAFF, need_portfolio
from chalicelib.services.casework import OpenCases
from chalicelib.services.good_hours import Known, nothing_known
from chalicelib.services.portfolios import Portfolios
from chalicelib.services.portfolios import get as portfolio_of
from chalicelib.services.ranking import Playbooks, Usual

LOOKS = 25  # cases that one request looks at before it says that nothing may be called now
READ = 50  # of each segment: among these the hour decides too
DUE_AT_ONCE = 25
OWN_FIRST = timedelta(minutes=10)  # a call-back is for who promised it, unless they are not there


class Turns(ranking.Turns, Protocol):
    """What ``store.call_turns.CallTurnStore`` keeps."""

    def get(self, case_id: str) -> Turn | None: ...

    def move(self, before: Turn | None, after: Turn, *, now: datetime) -> Turn | None:
        """Put a turn where *after* says; None, with nothing changed, when it has moved."""
        ...

    def best(
        self, portfolio_id: str, day: date, segment: str, *, most: int
    ) -> list[tuple[int, str]]: ...

    def listed(self, portfolio_id: str, day: date, segment: str, *, most: int) -> list[Listed]: ...

    def due(self, portfolio_id: str, now: datetime, *, most: int) -> list[str]: ...

    def waiting(self, portfolio_id: str, *, most: int) -> int: ...

    def held(self, portfolio_id: str, person_id: str) -> str | None: ...

    def holders(self, portfolio_id: str) -> list[tuple[str, str]]: ...

    def gave(self, portfolio_id: str, day: date, name: str, *, now: datetime) -> None: ...

    def given(self, portfolio_id: str, day: date) -> dict[str, int]: ...


class Cases(OpenCases, Protocol):
    def heads(self, case_ids: Iterable[str]) -> dict[str, CaseHead]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """
    All that the queue is kept with.

    Args:
        promised: Told of a call-back that somebody promised.
    """

    turns: Turns
    cases: Cases
    portfolios: Portfolios
    playbooks: Playbooks
    usual: Usual
    hours: Known = nothing_known
    promised: call_notices.Promised = call_notices.nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """
    What came of asking for the next case.

    Args:
        law_until: When today's lawful hours for calls end, for the case given.
        opens_at: Without one: the first moment at which something looked at may be called.
    """

    turn: Turn | None = None
    law_until: datetime | None = None
    opens_at: datetime | None = None


def take_next(portfolio_id: str, *, actor: Actor, means: Means, now: datetime) -> Given:
    """
    Give a person the next case, under a lease; the one they have, if they have one.

    Raises:
        PortfolioNotFound: None that the actor may see.
        NotAllowed: The actor is not staff.
    """
    need_portfolio(actor, portfolio_id, *STAFF)
    portfolio = portfolio_of(portfolio_id, actor=actor, portfolios=means.portfolios)
    search = _Search(portfolio=portfolio, person_id=actor.person_id, means=means, now=now)
    held = means.turns.held(portfolio_id, search.person_id)
    if held is not None:
        turn = means.turns.get(held)
        if turn is not None and turn.held_by(search.person_id, now):
            return Given(turn=turn, law_until=law_until(turn, portfolio, means, now))
    return search.run()


def act(
    portfolio_id: str,
    case_id: str,
    *,
    action: str,
    reason: str | None = None,
    until: datetime | None = None,
    mine: bool = True,
    actor: Actor,
    means: Means,
    now: datetime,
) -> Turn:
    """
    Do something with a case's turn instead of a call.

    Args:
        action: ``skip`` (not today, for *reason*), ``snooze`` (later), ``callback`` (the debtor
            was told *until*), ``release`` (to whoever comes next). A call-back may be promised
            for any case that nobody else has; the others are for who has the case, and managers.
        mine: The call-back is for the actor, if they are there then.

    Raises:
        TurnTaken: Somebody else has it, or it moved meanwhile.
        BadField: The reason or the moment is missing, or makes no sense.
        CaseNotFound: None that the actor may see, or of another portfolio.
    """
    need_portfolio(actor, portfolio_id, *STAFF)
    file, portfolio = casework.opened(
        case_id, actor=actor, cases=means.cases, portfolios=means.portfolios
    )
    if file.head.portfolio_id != portfolio_id:
        raise CaseNotFound(case_id=case_id)
    before, person_id = means.turns.get(case_id), actor.person_id
    taken = before is not None and before.place is Place.TAKEN and before.rests(now)
    own = taken and before is not None and before.person_id == person_id
    if not own and (taken or action != "callback") and actor.role not in MANAGERS:
        raise TurnTaken(case_id=case_id)
    known = before or turn_moves.new(file, portfolio, now)
    moved = means.turns.move(
        before,
        turn_moves.moved(
            known,
            action,
            reason=reason,
            until=until,
            person_id=person_id if mine else "",
            portfolio=portfolio,
            now=now,
        ),
        now=now,
    )
    if moved is None:
        raise TurnTaken(case_id=case_id)
    if action == "skip":
        means.turns.gave(portfolio_id, moved.day, f"skip:{reason}", now=now)
    if action == "callback":
        means.promised(moved, portfolio, now)
    return moved


def end(
    case_id: str, *, person_id: str, turns: Turns, portfolio: Portfolio, now: datetime
) -> Turn | None:
    """
    A call was made: the case does not come up again today, whoever made it.

    A call-back that was promised meanwhile stands.
    """
    before = turns.get(case_id)
    if before is None or before.why is Why.CALL_BACK or before.place is Place.DONE:
        return before
    if before.place is Place.TAKEN and before.rests(now) and before.person_id != person_id:
        return before
    return turns.move(before, ranking.over(before, portfolio, Why.ENDED, now=now), now=now)


def law_until(turn: Turn, portfolio: Portfolio, means: Means, now: datetime) -> datetime | None:
    """When today's lawful hours for calling the case end; None when it may not be called now."""
    file = means.cases.open(turn.case_id)
    return _best_reach(file, portfolio, now)[0]


# Private


@dataclass(slots=True, kw_only=True)
class _Search:
    """One request for the next case."""

    portfolio: Portfolio
    person_id: str
    means: Means
    now: datetime
    looked: int = 0
    usual_minor: int = 0
    opens_at: datetime | None = None
    lost: bool = False  # a race for a case

    def run(self) -> Given:
        self.usual_minor = self.means.usual(self.portfolio.portfolio_id)
        for case_id, quota in self._candidates():
            given = self._try(case_id, quota)
            if given is not None:
                return given
            if self.looked >= LOOKS:
                break
        return Given(opens_at=self.opens_at)

    def _candidates(self) -> Iterator[tuple[str, int | None]]:
        """Cases in the order they are tried, with the per cent of those that come for a quota."""
        yield from ((case_id, None) for case_id in self._coming_back())
        pid = self.portfolio.portfolio_id
        given = self.means.turns.given(pid, self._today)
        book = self.means.playbooks.playbook(pid)
        segments = ["", *(one.segment_id for one in (book.segments if book else ()))]
        rows = {one: self._listed(one) for one in segments}
        seen = set[str]()
        while True:
            left = {one: best for one, best in rows.items() if best}
            if not left:
                return
            taken = {one: given.get(one, 0) for one in segments}
            best = max(left, key=lambda one: (left[one][0], one))
            owed = behind(taken, left, self.portfolio.policies.queue)
            chosen, percent = owed or (best, None)
            case_id = self._pick(left[chosen])
            if not rows[chosen]:
                # All that was read of it are gone or may not be called: read on behind them.
                more = self._listed(chosen)
                rows[chosen] = [row for row in more if row[1] not in seen and row[1] != case_id]
            seen.add(case_id)
            yield case_id, percent if chosen != best else None

    def _listed(self, segment: str) -> list[tuple[int, str]]:
        """The best of a segment, (score, case id), as this hour puts them."""
        policy = self.portfolio.policies.queue
        hour = self.now.astimezone(ZoneInfo(self.portfolio.time_zone)).hour
        rows = self.means.turns.listed(self.portfolio.portfolio_id, self._today, segment, most=READ)
        scored = [(one.score + at_hour(one.hour(hour), policy), one.case_id) for one in rows]
        return sorted(scored, key=lambda row: (-row[0], row[1]))

    def _pick(self, best: list[tuple[int, str]]) -> str:
        """
        The best; after a lost race one of those that are left, so that those who ask at once
        do not all try the same cases in the same order.
        """
        place = random.randrange(len(best)) if self.lost else 0  # noqa: S311 - spreads, guards nothing
        return best.pop(place)[1]

    def _coming_back(self) -> Iterator[str]:
        """Call-backs whose hour has come; what else comes back goes where its score puts it."""
        pid = self.portfolio.portfolio_id
        due = self.means.turns.due(pid, self.now, most=DUE_AT_ONCE)
        known = self.means.turns.get_many(due)
        came = [
            turn
            for one in due
            if (turn := known.get(one)) and turn.until is not None and turn.until <= self.now
        ]
        back = [turn for turn in came if turn.why is Why.CALL_BACK]
        others = [turn for turn in came if turn.why is not Why.CALL_BACK]
        self.means.turns.move_many(
            [(turn, ready(on(turn, self._today))) for turn in others], now=self.now
        )
        for turn in back:
            theirs = turn.person_id not in ("", self.person_id)
            if not theirs or (turn.until and self.now - turn.until >= OWN_FIRST):
                yield turn.case_id

    def _try(self, case_id: str, quota: int | None) -> Given | None:
        """Judge a case as it is now, and take it; None when it is not to be had."""
        turn = self.means.turns.get(case_id)
        if turn is None or turn.rests(self.now) or turn.place is Place.DONE:
            return None
        self.looked += 1
        try:
            file = self.means.cases.open(case_id)
        except CaseNotFound:
            return None
        standing = ranking.standing_of(
            file,
            self.portfolio,
            self._today,
            usual_minor=self.usual_minor,
            called_back=turn.why is Why.CALL_BACK,
        )
        if standing is None or called_back(turn, file.attempts):
            self._move(turn, ranking.over(turn, self.portfolio, Why.NOT_NOW, now=self.now))
            return None
        closes, opens = _best_reach(file, self.portfolio, self.now)
        if closes is None:
            self._wait_for_law(turn, opens)
            return None
        policy = self.portfolio.policies.queue
        known = self.means.hours(self.portfolio.portfolio_id)
        standing = good_hours.at_this_hour(
            standing, file, self.portfolio, segment=turn.segment, known=known, now=self.now
        )
        found: Priority = with_points(
            rank(standing, policy), closing(minutes(closes, self.now), policy)
        )
        if quota is not None:
            found = for_quota(found, quota)
        taken = self._move(
            turn,
            replace(
                turn,
                place=Place.TAKEN,
                day=self._today,
                score=found.score,
                reasons=found.reasons,
                until=self.now + timedelta(minutes=policy.hold_minutes),
                why=Why.CALL,
                person_id=self.person_id,
                since=self.now,
            ),
        )
        if taken is None:
            self.lost = True
            return None
        self.means.turns.gave(taken.portfolio_id, self._today, taken.segment, now=self.now)
        return Given(turn=taken, law_until=closes)

    def _wait_for_law(self, turn: Turn, opens: datetime | None) -> None:
        if opens is not None:
            self.opens_at = min(opens, self.opens_at or opens)
        if opens is None or local_day(opens, self.portfolio.time_zone) > self._today:
            if turn.why is Why.CALL_BACK and opens is not None:
                self._move(turn, replace(turn, until=opens))
                return
            self._move(turn, ranking.over(turn, self.portfolio, Why.LAW, now=self.now))
            return
        why = turn.why if turn.why is Why.CALL_BACK else Why.LAW
        self._move(turn, replace(turn, place=Place.LATER, until=opens, why=why))

    def _move(self, before: Turn, after: Turn) -> Turn | None:
        return self.means.turns.move(before, after, now=self.now)

    @property
    def _today(self) -> date:
        return local_day(self.now, self.portfolio.time_zone)


def _best_reach(
    file: CaseFile, portfolio: Portfolio, now: datetime
) -> tuple[datetime | None, datetime | None]:
    """
    Ask the contact decision for every telephone of a case.

    Returns:
        (until when one of them may be called, now; else when the first of them may be).
    """
    closes: list[datetime] = []
    opens: list[datetime] = []
    for reach in contacting.reaches(file, Channel.CALL):
        ruling = contacting.rule(file, portfolio, reach, now=now)
        if ruling.allowed:
            asked = contacting.question(file, portfolio, reach, now=now)
            closes.append(allowed_until(asked))
        elif ruling.next_allowed_at is not None:
            opens.append(ruling.next_allowed_at)
    return max(closes, default=None), min(opens, default=None)
