"""What the bot is told of a creditor and of a case; whose number it is, and whose message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.conversation.facts import Debtor, House, Owed
from chalicelib.domain.book import Book
from chalicelib.domain.case import CaseFile, CaseStatus, ContactKind, ContactPoint, PromiseState
from chalicelib.domain.contact import Channel, Direction, Inbound, Ruling
from chalicelib.domain.conversation import Conversation
from chalicelib.domain.draft import local_day
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import contacting
from chalicelib.services.conversation_ports import Means
from chalicelib.services.working_days import office_open

# More cases than this with one number: it is the creditor's own, or a switchboard's.
MOST_CASES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """
    Where a message belongs.

    Args:
        portfolio: None where several creditors answer at the number and none knows the sender.
        like: A portfolio whose country and language stand for it then.
        shared: Several creditors answer at the number.
        earlier: The sender's conversations with them, newest first.
    """

    portfolio: Portfolio | None
    like: Portfolio
    files: tuple[CaseFile, ...] = ()
    shared: bool = False
    earlier: tuple[Conversation, ...] = ()


def place(said: Inbound, means: Means) -> Place | None:
    """Find whom a message is for, and the cases that have its number; None for nobody's number."""
    reached = [one for one in means.reached(said) if not one.archived]
    if not reached:
        return None
    shared = len(reached) > 1
    by_id = {one.portfolio_id: one for one in reached}
    talks = tuple(
        one
        for one in means.conversations.of_phone(said.channel, said.sender)
        if one.portfolio_id in by_id or not one.portfolio_id
    )
    earlier = [one.portfolio_id for one in talks if one.portfolio_id and one.known]
    earlier = [*_quoted(said, by_id, means), *earlier]
    found: dict[str, tuple[CaseFile, ...]] = {}
    for portfolio_id in dict.fromkeys([*earlier, *by_id]):
        files = cases_of(portfolio_id, said.sender, means)
        if files:
            found[portfolio_id] = files
            if portfolio_id in earlier:
                break
    if not found:
        only = None if shared else reached[0]
        return Place(portfolio=only, like=reached[0], shared=shared, earlier=talks)
    chosen = max(found, key=lambda one: (one in earlier, _last_written(found[one], said.sender)))
    return Place(
        portfolio=by_id[chosen],
        like=by_id[chosen],
        files=found[chosen],
        shared=shared,
        earlier=talks,
    )


def _quoted(said: Inbound, by_id: Mapping[str, Portfolio], means: Means) -> list[str]:
    """The portfolio whose message is being answered, where the provider says which one it was."""
    found = means.cases.case_of_message(said.provider, said.quoted_id) if said.quoted_id else None
    if found is None:
        return []
    heads = means.cases.heads([found[0]])
    return [h.portfolio_id for h in heads.values() if h.portfolio_id in by_id]


def cases_of(portfolio_id: str, phone: str, means: Means) -> tuple[CaseFile, ...]:
    """Open the cases of a portfolio that have a number."""
    heads = means.cases.find(portfolio_id, "phone", phone, limit=MOST_CASES)
    files = (means.cases.open(head.case_id) for head in heads)
    return tuple(file for file in files if file.head.status is not CaseStatus.VOID)


def point_of(file: CaseFile, phone: str) -> ContactPoint | None:
    return next(
        (p for p in file.contacts if p.kind is ContactKind.PHONE and p.value == phone), None
    )


def _last_written(files: Sequence[CaseFile], phone: str) -> datetime:
    """When any of them was last written to at this number; else when it last changed."""
    sent = [
        one.sent_at
        for file in files
        for one in file.attempts
        if one.direction is Direction.OUT and one.sent_at and one.content
        and one.content.to == phone
    ]  # fmt: skip
    return max(sent, default=min(file.head.created_at for file in files))


def house(at: Place, now: datetime) -> House:
    portfolio = at.portfolio or at.like
    return House(
        name=portfolio.branding.display_name or portfolio.creditor,
        country=portfolio.country,
        today=local_day(now, portfolio.time_zone),
        shared=at.shared,
        contact_line=portfolio.branding.contact_line
        or portfolio.identification.phone
        or portfolio.identification.email,
        promise_days=portfolio.policies.promises.most_days,
        broken_promises=portfolio.policies.promises.broken_before_person,
        pause_days=portfolio.policies.promises.pause_days,
        payment_means=portfolio.identification.payment_means,
        office_open=office_open(portfolio, now),
        office=tuple((d.weekday, d.opens_at, d.closes_at) for d in portfolio.policies.office),
    )


def debtor(file: CaseFile, portfolio: Portfolio, phone: str, now: datetime, means: Means) -> Debtor:
    """Tell what may be said of a case once its debtor is known."""
    today = local_day(now, portfolio.time_zone)
    book = Book(
        portfolio.portfolio_id,
        portfolio.policies,
        file.debts,
        file.entries,
        actor="system",
        now=now,
    )
    owed = tuple(
        Owed(
            product=debt.product,
            external_id=debt.external_id,
            due_on=book.oldest_due_on(debt.debt_id) or debt.due_on,
            owed_minor=book.balance(debt.debt_id).total_minor + book.accrued(debt.debt_id, today),
        )
        for debt in file.debts
        if not debt.void
    )
    settled = file.head.status is CaseStatus.SETTLED
    promise = next((one for one in file.promises if one.state is PromiseState.OPEN), None)
    point = point_of(file, phone)
    return Debtor(
        case_id=file.head.case_id,
        contact_id=point.contact_id if point else "",
        party=point.party if point else "debtor",
        reachable=point is not None and point.quality != "wrong_person",
        tax_id=file.head.tax_id,
        currency=file.head.currency,
        total_minor=0 if settled else max(sum(one.owed_minor for one in owed), 0),
        owed=owed,
        promised_minor=promise.amount_minor if promise else None,
        promised_on=promise.due_on if promise else None,
        broken=sum(one.state is PromiseState.BROKEN for one in file.promises),
        pay_url="" if settled else means.pay_url(file, point.contact_id if point else ""),
    )


def numbered(text: str, buttons: Sequence[tuple[str, str]], channel: Channel) -> str:
    """Where a channel has no buttons, choices are numbered lines."""
    if channel is not Channel.SMS or not buttons:
        return text
    lines = [f"{number}. {title}" for number, (_, title) in enumerate(buttons, start=1)]
    return "\n".join([text, *lines])


def may_answer(
    file: CaseFile, portfolio: Portfolio, *, contact_id: str, channel: Channel, now: datetime
) -> Ruling:
    """Ask the gate for an answer to what somebody wrote from a contact point."""
    point = next(one for one in file.contacts if one.contact_id == contact_id)
    reach = contacting.Reach(
        contact_id=contact_id,
        channel=channel,
        value=point.value,
        party=point.party,
        quality=point.quality,
    )
    return contacting.rule_answer(file, portfolio, reach, now=now)
