"""What a message may say of a case: computed once from its facts, in the debtor's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chalicelib.domain import ageing, offers
from chalicelib.domain.agreed import Agreed, agreed
from chalicelib.domain.bank_references import NOWHERE, PayTo
from chalicelib.domain.book import Book
from chalicelib.domain.case import CaseFile, Debt, PromiseState, PromiseToPay
from chalicelib.domain.collectable import collectable
from chalicelib.domain.contact import Channel, Direction
from chalicelib.domain.draft import local_day
from chalicelib.domain.ledger import EntryKind, reversals
from chalicelib.domain.offer import Offer
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.promises import next_open
from chalicelib.messages import identification
from chalicelib.messages.formats import Amount, locale_of
from chalicelib.messages.naming import clean, first_name, person


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Signed addresses made for this message; empty where there is none."""

    portal: str = ""
    unsubscribe: str = ""


NO_LINKS = Links()
# To look at a text with: nothing answers there, and nobody's account is behind them.
EXAMPLE_LINKS = Links(
    portal="https://pago.example.com/c/8Kq2Lr", unsubscribe="https://pago.example.com/u/8Kq2Lr"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtFacts:
    """One open debt, for ``{% for debt in debts %}``."""

    reference: str
    product: str
    due_on: date
    days_late: int
    total: Amount
    principal: Amount
    interest: Amount
    moratory: Amount
    fees: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFacts:
    """
    Everything a template may use; the fields are ``variables.VARIABLES`` (a test compares them).

    What a case does not have is None, and a text that says it nevertheless is refused.

    Args:
        language: The debtor's: ``es``, ``en``, ``pt``.
        identification: What the law wants said, by channel.
        locale: Of amounts and dates.
        first_contact: Whether nothing went out to this debtor before.
        unidentified: What the country wants said of the sender and the portfolio does not know.
    """

    language: str
    locale: str
    country: str
    colour: str
    first_contact: bool
    unidentified: tuple[str, ...]
    first_name: str
    full_name: str
    total: Amount
    overdue: Amount
    due_amount: Amount
    principal: Amount
    interest: Amount
    moratory: Amount
    fees: Amount
    today: date
    due_on: date | None
    days_late: int
    days_left: int
    reference: str | None
    product: str | None
    debts_count: int
    debts: tuple[DebtFacts, ...]
    promise_amount: Amount | None = None
    promise_on: date | None = None
    payment_amount: Amount | None = None
    paid_on: date | None = None
    payment_reference: str | None = None
    instalment_number: int | None = None
    instalment_count: int | None = None
    instalment_amount: Amount | None = None
    instalment_on: date | None = None
    offer_amount: Amount | None = None
    offer_saving: Amount | None = None
    offer_until: date | None = None
    brand: str
    agent: str
    phone: str | None
    email: str | None
    creditor: str
    agency: str
    identification: Mapping[Channel, str]
    how_to_pay: str | None
    complaints: str | None
    payment_means: str | None
    bank: str | None
    beneficiary: str | None
    clabe: str | None
    cash_where: str | None
    cash_reference: str | None
    link: str | None
    unsubscribe_link: str | None


def build(
    file: CaseFile,
    portfolio: Portfolio,
    *,
    now: datetime,
    language: str = "",
    links: Links = NO_LINKS,
    pay_to: PayTo = NOWHERE,
    required: Sequence[str] = (),
    agent: str = "",
    offer: Offer | None = None,
    paid: str = "",
    whole: bool = False,
) -> MessageFacts:
    """
    Read off a case what a message may say of it.

    Args:
        language: The debtor's, if known to differ from the portfolio's.
        pay_to: The case's own numbers at the creditor's bank and counters.
        required: What the country wants a message to state, as its rule pack names it.
        agent: The person who writes; empty = the agency, or the creditor.
        offer: What the strategy offers; the portfolio's most when it says nothing.
        paid: Reference of the payment the message is about; empty = the last one.
        whole: Also say what is not asked for: debts that are disputed. A statement does.
    """
    language = language or portfolio.language
    today = local_day(now, portfolio.time_zone)
    plan = agreed(file, portfolio)
    left = collectable(file, portfolio, today)
    left_out: frozenset[str] = frozenset() if whole else left.held
    rows, parts = _owed(file, portfolio, now, today, left_out)
    late = [part for part in parts if part.due_on < today and part.open_minor > 0]
    coming = [part for part in parts if part.due_on >= today and part.open_minor > 0]
    late_since = left.oldest_due_on if left_out or plan else file.head.oldest_due_on
    due_on = late_since or (coming[0].due_on if coming else None)
    currency = file.head.currency
    moratory = sum(row.moratory.minor for row in rows)
    total = sum(row.total.minor for row in rows)
    # What accrued since the ledger's last entry is in no part; what a payment booked is in one.
    accrued = total - sum(part.open_minor for part in parts)
    overdue = sum(part.open_minor for part in late) + (accrued if late and plan is None else 0)
    nearest = sum(part.open_minor for part in coming if part.due_on == coming[0].due_on)
    own = portfolio.identification
    creditor = clean(own.creditor or portfolio.creditor)
    agency = clean(own.agency) or creditor
    totals: dict[str, Any] = {
        "total": Amount(total, currency),
        "principal": Amount(sum(row.principal.minor for row in rows), currency),
        "interest": Amount(sum(row.interest.minor for row in rows), currency),
        "moratory": Amount(moratory, currency),
        "fees": Amount(sum(row.fees.minor for row in rows), currency),
    }
    locale = locale_of(language, portfolio.country)
    first_contact = not any(
        each.direction is Direction.OUT and each.state in offers.WENT_OUT for each in file.attempts
    )
    return MessageFacts(
        language=language,
        locale=locale,
        country=portfolio.country,
        colour=portfolio.branding.colour,
        first_contact=first_contact,
        unidentified=identification.unidentified(own, required),
        first_name=first_name(file.head.name),
        full_name=person(file.head.name),
        overdue=Amount(overdue, currency),
        due_amount=Amount(overdue or nearest or total, currency),
        today=today,
        due_on=due_on,
        days_late=ageing.legal_dpd(due_on, today),
        days_left=max(0, (due_on - today).days) if due_on else 0,
        reference=rows[0].reference if rows else None,
        product=(rows[0].product or None) if rows else None,
        debts_count=len(rows),
        debts=tuple(rows),
        brand=clean(portfolio.branding.display_name) or creditor,
        agent=clean(agent) or agency,
        phone=clean(own.phone) or None,
        email=clean(own.email) or None,
        creditor=creditor,
        agency=agency,
        identification=identification.by_channel(
            own,
            required,
            language=language,
            locale=locale,
            first_contact=first_contact,
            said={
                "creditor": creditor,
                "agency": agency,
                "agent": clean(agent) or agency,
                "reference": rows[0].reference if rows else None,
                "today": today,
            }
            | totals,
        ),
        how_to_pay=links.portal
        or clean(own.payment_means)
        or clean(own.phone)
        or clean(portfolio.branding.contact_line)
        or None,
        complaints=clean(own.complaints) or None,
        payment_means=clean(own.payment_means) or None,
        bank=clean(pay_to.bank) or None,
        beneficiary=clean(pay_to.beneficiary) or None,
        clabe=pay_to.clabe or None,
        cash_where=clean(pay_to.cash_where) or None,
        cash_reference=pay_to.cash_reference or None,
        link=links.portal or None,
        unsubscribe_link=links.unsubscribe or None,
        **totals,
        **_promise(file.promises, currency),
        **_payment(file, currency, paid),
        **_instalment(file.debts, plan, coming, currency),
        **_offer(file, portfolio, left_out, offer=offer, now=now),
    )


def _owed(
    file: CaseFile, portfolio: Portfolio, now: datetime, today: date, left_out: frozenset[str]
) -> tuple[list[DebtFacts], list[ageing.Part]]:
    """
    Every debt that owes something, and every part of them, with interest until *today*; of debts
    under an agreement the parts are its payments.
    """
    plan = agreed(file, portfolio)
    within = frozenset(plan.agreement.debt_ids) if plan else frozenset()
    book = Book(
        portfolio.portfolio_id, portfolio.policies, file.debts, file.entries, actor="", now=now
    )
    currency = file.head.currency
    rows: list[DebtFacts] = []
    parts: list[ageing.Part] = []
    for debt in file.debts:
        owed = book.balance(debt.debt_id)
        accrued = 0 if debt.void else book.accrued(debt.debt_id, today)
        if debt.void or owed.total_minor + accrued <= 0 or debt.debt_id in left_out:
            continue
        # Default interest that a payment made part of the ledger is interest there.
        booked = book.moratory_open(debt.debt_id)
        due_on = book.oldest_due_on(debt.debt_id) or debt.due_on
        if debt.debt_id not in within:
            parts += ageing.parts(debt, owed.total_minor, booked)
        rows.append(
            DebtFacts(
                reference=clean(debt.external_id),
                product=clean(debt.product),
                due_on=due_on,
                days_late=ageing.legal_dpd(due_on, today),
                total=Amount(owed.total_minor + accrued, currency),
                principal=Amount(owed.principal_minor, currency),
                interest=Amount(owed.interest_minor - booked, currency),
                moratory=Amount(accrued + booked, currency),
                fees=Amount(owed.fees_minor, currency),
            )
        )
    for one in plan.standing.shares if plan and not within & left_out else ():
        share = one.share
        parts.append(ageing.Part(share.number, share.due_on, share.amount_minor, one.open_minor))
    rows.sort(key=lambda row: (row.due_on, row.reference))
    parts.sort(key=lambda part: (part.due_on, part.number))
    return rows, parts


def _promise(promises: Sequence[PromiseToPay], currency: str) -> dict[str, Any]:
    """The open promise that is due next, or the last one that was broken."""
    broken = [each for each in promises if each.state is PromiseState.BROKEN]
    last = next_open(promises) or max(broken, key=lambda each: each.made_at, default=None)
    if last is None:
        return {}
    return {"promise_amount": Amount(last.amount_minor, currency), "promise_on": last.due_on}


def _payment(file: CaseFile, currency: str, reference: str = "") -> dict[str, Any]:
    """The payment asked for, or recorded last, over all debts it reached, unless it was undone."""
    undone = reversals(file.entries)
    paid = [
        entry
        for entry in file.entries
        if entry.kind is EntryKind.PAYMENT and entry.entry_id not in undone
    ]
    if reference:
        paid = [entry for entry in paid if entry.reference == reference]
    if not paid:
        return {}
    last = max(paid, key=lambda entry: (entry.recorded_at, entry.effective_on))
    same = [e for e in paid if (e.source, e.reference) == (last.source, last.reference)]
    return {
        "payment_amount": Amount(-sum(entry.amount_minor for entry in same), currency),
        "paid_on": last.effective_on,
        "payment_reference": clean(last.reference) or None,
    }


def _instalment(
    debts: Sequence[Debt], plan: Agreed | None, coming: Sequence[ageing.Part], currency: str
) -> dict[str, Any]:
    """The next instalment of an agreement, or of a debt paid in parts."""
    following = next((part for part in coming if part.number), None)
    if following is None:
        return {}
    plans = [[(part.number, part.due_on) for part in debt.instalments] for debt in debts]
    if plan is not None:
        shares = plan.agreement.shares
        plans.append([(share.number, share.due_on) for share in shares if share.number])
    count = max(len(one) for one in plans if (following.number, following.due_on) in one)
    return {
        "instalment_number": following.number,
        "instalment_count": count,
        "instalment_amount": Amount(following.open_minor, currency),
        "instalment_on": following.due_on,
    }


def _offer(
    file: CaseFile,
    portfolio: Portfolio,
    left_out: frozenset[str],
    *,
    offer: Offer | None,
    now: datetime,
) -> dict[str, Any]:
    """What a message may offer: what stands, or what it would begin; see ``domain.offers``."""
    found = offers.standing(file, portfolio, offer, left_out=left_out, now=now)
    if found is None:
        return {}
    currency = file.head.currency
    return {
        "offer_amount": Amount(found.to_pay_minor, currency),
        "offer_saving": Amount(found.saved_minor, currency),
        "offer_until": found.until,
    }
