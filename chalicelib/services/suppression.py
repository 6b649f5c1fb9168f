"""
The suppression list: what was erased at a person's request is not to come back by another door.

A creditor's next file holds what was erased, and so may a note in an agent's hand. The list knows
such a value again by its keyed hash and holds none; who is on it cannot be read from it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.domain.errors import (
    AddressSuppressed,
    BadField,
    EmailSuppressed,
    NotSuppressed,
    PhoneSuppressed,
    TaxIdSuppressed,
)
from chalicelib.domain.looked import Look, LookKind
from chalicelib.domain.people import Actor, AuditEvent, Role
from chalicelib.domain.suppressed import (
    SuppressedKind,
    Suppression,
    SuppressionHead,
    digest_of,
    normal,
)
from chalicelib.services.access import Portfolios, open_portfolio
from chalicelib.services.audit import audited

MOST_WORDS = 300
Value = tuple[str, str]  # kind and value
# Gives what of some values the list of a portfolio knows, see ``found``.
Known = Callable[[str, Iterable[Value]], frozenset[Value]]
_REFUSALS = {
    SuppressedKind.PHONE: PhoneSuppressed,
    SuppressedKind.EMAIL: EmailSuppressed,
    SuppressedKind.TAX: TaxIdSuppressed,
    SuppressedKind.ADDRESS: AddressSuppressed,
}


class Suppressions(Protocol):
    def head(self, portfolio_id: str) -> SuppressionHead: ...
    def known(
        self, portfolio_id: str, digests: Collection[bytes], head: SuppressionHead
    ) -> frozenset[bytes]:
        """Give those of *digests* that are on the list, whose *head* was read just now."""
        ...

    def add(self, portfolio_id: str, entries: Iterable[Suppression]) -> int:
        """Put entries on the list, each once; says how many were new."""
        ...

    def remove(
        self, portfolio_id: str, digest: bytes, *, audit: AuditEvent | None = None
    ) -> Suppression | None:
        """Take one off, together with what the audit says of it; None when it was not there."""
        ...


class Log(Protocol):
    def note(self, look: Look) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """
    Args:
        keys: The keys of the hashes, the one in force first, older ones after it; asked for
            only where a portfolio has a list.
    """

    suppressions: Suppressions
    keys: Callable[[], tuple[bytes, ...]]
    log: Log


def suppress(
    portfolio_id: str,
    values: Iterable[Value],
    *,
    request_id: str,
    now: datetime,
    means: Means,
    by: str = "system",
) -> int:
    """
    Put values on the portfolio's list; says how many were new. Safe to repeat.

    Args:
        values: Kinds of ``SuppressedKind`` and values as cases hold them; of an address its text,
            see ``suppressed.address_text``.
        request_id: The request by law they were erased for.
        by: Who had them erased: an actor as on the timeline.

    Raises:
        ValueError: No such kind.
    """
    key = means.keys()[0]
    digests = {
        digest_of(key, portfolio_id, kind, text): kind for kind, text in _normal(values).values()
    }
    if not digests:
        return 0
    entries = [
        Suppression(digest=digest, kind=kind, request_id=request_id, at=now)
        for digest, kind in digests.items()
    ]
    added = means.suppressions.add(portfolio_id, entries)
    _note(LookKind.SUPPRESSED, portfolio_id, request_id, by=by, now=now, means=means)
    return added


def found(portfolio_id: str, values: Iterable[Value], *, means: Means) -> frozenset[Value]:
    """
    Give those of *values*, as they were given, that the portfolio's list knows.

    One small read where the portfolio has no list, and *values* are not even gone through. Else
    one more for a few values, or the whole list, which a process reads once for as long as it
    does not change.
    """
    head = means.suppressions.head(portfolio_id)
    wanted = _normal(values) if head.count else {}
    if not wanted:
        return frozenset()
    keys = means.keys()
    digests = {
        value: [digest_of(key, portfolio_id, kind, text) for key in keys]
        for value, (kind, text) in wanted.items()
    }
    asked = {digest for several in digests.values() for digest in several}
    known = means.suppressions.known(portfolio_id, asked, head)
    return frozenset(value for value, several in digests.items() if not known.isdisjoint(several))


def nowhere(*_: object) -> frozenset[Value]:
    """The answer where no portfolio has a list."""
    return frozenset()


def refuse(portfolio_id: str, values: Mapping[str, Value], *, known: Known) -> None:
    """
    Refuse values that somebody adds by hand.

    Args:
        values: By the field that each was typed into.

    Raises:
        DataSuppressed: One was erased at the person's request; says the field, not the value.
    """
    gone = known(portfolio_id, values.values()) if values else frozenset()
    for field, value in values.items():
        if value in gone:
            raise _REFUSALS[SuppressedKind(value[0])](field=field)


def asked_again(
    portfolio_id: str,
    value: Value,
    *,
    reason: str,
    actor: Actor,
    portfolios: Portfolios,
    read_phone: Callable[[str, str], str | None],
    now: datetime,
    means: Means,
) -> Suppression:
    """
    Take a value off the list because the person themself asks to be contacted there again.

    Args:
        reason: How they asked, in the words of the admin who answers for it.
        read_phone: Gives a phone as people write it in a country in E.164; None if it is none.

    Raises:
        PortfolioNotFound, NotAllowed: Admins only.
        BadField: No reason, or one too long; no such kind of value.
        NotSuppressed: The list does not know it.
    """
    portfolio = open_portfolio(actor, portfolio_id, portfolios, Role.ADMIN)
    if not reason.strip():
        raise BadField(field="reason", reason="missing")
    if len(reason) > MOST_WORDS:
        raise BadField(field="reason", reason="too_long", most=MOST_WORDS)
    if value[0] not in set(SuppressedKind):
        raise BadField(field="kind", reason="unknown")
    if value[0] == SuppressedKind.PHONE:
        value = (value[0], read_phone(value[1], portfolio.country) or value[1])
    facts = {"kind": value[0], "reason": reason.strip()}
    audit = audited("suppression.ended", f"portfolio:{portfolio_id}", actor, now, facts)
    ended = given_again(portfolio_id, value, by=actor.actor_id, now=now, means=means, audit=audit)
    if ended is None:
        raise NotSuppressed(kind=value[0])
    return ended


def given_again(
    portfolio_id: str,
    value: Value,
    *,
    by: str,
    now: datetime,
    means: Means,
    audit: AuditEvent | None = None,
) -> Suppression | None:
    """
    Take a value off the list; None when it was not there.

    The caller has made sure that it is the person who gives it: they may always allow again what
    they had forbidden.
    """
    if not found(portfolio_id, [value], means=means):
        return None
    kind, text = _normal([value])[value]
    removed = [
        means.suppressions.remove(
            portfolio_id, digest_of(key, portfolio_id, kind, text), audit=audit
        )
        for key in means.keys()  # noqa: SIM118 - no mapping's
    ]
    ended = next((one for one in removed if one is not None), None)
    if ended is not None:
        _note(
            LookKind.SUPPRESSION_ENDED,
            portfolio_id,
            ended.request_id,
            by=by,
            now=now,
            means=means,
        )
    return ended


# Private


def _normal(values: Iterable[Value]) -> dict[Value, tuple[SuppressedKind, str]]:
    """Give values in their one spelling, by how they were given; what is empty is left out."""
    normals = {
        value: (kind, normal(kind, value[1]))
        for value in dict.fromkeys(values)
        for kind in (SuppressedKind(value[0]),)
    }
    return {value: one for value, one in normals.items() if one[1]}


def _note(
    kind: LookKind, portfolio_id: str, request_id: str, *, by: str, now: datetime, means: Means
) -> None:
    look = Look(kind=kind, at=now, actor=by, portfolio_id=portfolio_id, of=request_id)
    means.log.note(look)
