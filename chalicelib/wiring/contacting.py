"""What reaches debtors and hears them: channels, links, conversations."""

from __future__ import annotations

import functools
import math
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from chalicelib.config import settings
from chalicelib.lazily import lazily
from chalicelib.wiring.casework import (
    cases,
    counters,
    good_hours,
    offer_of,
    portfolios,
    strategies,
    texts,
)
from chalicelib.wiring.clients import aws, now, wire
from chalicelib.wiring.files import evidence_files, export_files
from chalicelib.wiring.payments import pay_to
from chalicelib.wiring.queues import messages
from chalicelib.wiring.suppressing import suppressed

with lazily():
    from chalicelib.channels import dialer as dialers
    from chalicelib.channels import letter, mail, sms, voice, whatsapp
    from chalicelib.domain import contact, days
    from chalicelib.domain import debtor_link as debtor_links
    from chalicelib.domain import links as sealed_links
    from chalicelib.services import (
        access,
        budgets,
        conversation_facts,
        conversation_ports,
        debtor_access,
        dispatch_ports,
        one_time_codes,
        pacing,
        papers_out,
    )
    from chalicelib.services import good_hours as hours
    from chalicelib.store import conversations as conversation_rows
    from chalicelib.store import credentials as turn_rows
    from chalicelib.store import debtor_access as debtor_rows
    from chalicelib.store import one_time_codes as code_rows
    from chalicelib.store import paces as pace_rows
    from chalicelib.strategies import facts
    from chalicelib.strategies import playbook as playbooks

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from chalicelib.domain.case import CaseFile
    from chalicelib.domain.portfolio import Portfolio
    from chalicelib.messages.facts import Links
    from chalicelib.services.contacting import Reach
    from chalicelib.strategies.model import Playbook

REMEMBERED_S = 15
UNSUBSCRIBE_FOR = timedelta(days=730)


class Sender(Protocol):
    def send(self, message: contact.Outgoing) -> contact.Receipt: ...


@functools.cache
def sender(channel: contact.Channel) -> Sender:
    """
    The adapter that hands a message over.

    Raises:
        KeyError: A visit is made by a person.
    """
    known = settings()
    match channel:
        case contact.Channel.EMAIL:
            return mail.MailSender(
                aws("sesv2", once=True),
                sender=known.mail_from,
                configuration_set=known.mail_events,
            )
        case contact.Channel.SMS:
            return sms.SmsSender(
                aws("pinpoint-sms-voice-v2", once=True),
                senders=known.sms_senders,
                configuration_set=known.sms_events,
            )
        case contact.Channel.CALL:
            return voice.VoiceSender(
                aws("pinpoint-sms-voice-v2", once=True),
                senders=known.voice_senders,
                configuration_set=known.sms_events,
            )
        case contact.Channel.WHATSAPP:
            return whatsapp.WhatsAppSender(
                aws("socialmessaging", once=True),
                numbers=known.whatsapp_numbers,
                shelf=export_files(),
                bucket=known.exports_bucket,
            )
        case contact.Channel.LETTER:
            return letter.LetterSender(
                evidence_files(),
                now=now,
                zone=lambda portfolio_id: (
                    access.known_portfolio(portfolio_id, portfolios()).time_zone
                ),
            )
    raise KeyError(channel)


@functools.cache
def dialer() -> dialers.ConnectDialer | None:
    """What rings for people's calls, if the stack was given any."""
    known = settings()
    if not known.connect_flow:
        return None
    return dialers.ConnectDialer(
        aws("connect", once=True),
        instance=known.connect_instance,
        flow=known.connect_flow,
        number=known.connect_number,
    )


@functools.cache
def link_key() -> bytes:
    """What signs the links in messages; one per process, as it never changes."""
    secret = aws("secretsmanager").get_secret_value(SecretId=settings().link_key_secret)
    return str(secret["SecretString"]).encode()


def unsubscribe_url(case_id: str, contact_id: str, channel: contact.Channel, today: date) -> str:
    """The address that refuses further messages there by one click, for two years."""
    link = sealed_links.Link(
        purpose="unsubscribe",
        case_id=case_id,
        subject=contact_id,
        channel=channel.value,
        until=today + UNSUBSCRIBE_FOR,
    )
    return f"{settings().site_url}/api/v1/unsubscribe/{sealed_links.sealed(link, link_key())}"


@functools.cache
def debtor_access_store() -> debtor_rows.DebtorAccessStore:
    return debtor_rows.DebtorAccessStore(wire(), settings().work_table)


def door() -> debtor_access.Door:
    """What the debtor's door is kept with."""
    return debtor_access.Door(
        store=debtor_access_store(),
        turns=turn_rows.TurnStore(wire(), settings().work_table),
        cases=cases(),
        portfolios=portfolios(),
        living=lambda: _living_portfolios(int(time.monotonic() // REMEMBERED_S)),
        key=link_key,
    )


@functools.cache
def one_time_codes_kept() -> code_rows.OneTimeCodeStore:
    return code_rows.OneTimeCodeStore(wire(), settings().work_table)


def coding(problem: Callable[[Exception], None]) -> one_time_codes.Means:
    """All that one-time codes are sent and checked with."""
    return one_time_codes.Means(
        codes=one_time_codes_kept(),
        turns=turn_rows.TurnStore(wire(), settings().work_table),
        cases=cases(),
        portfolios=portfolios(),
        sender=sender,
        key=link_key,
        problem=problem,
    )


def debtor_url(
    case_id: str, contact_id: str = "", *, now: datetime, lasts: timedelta | None = None
) -> str:
    """
    The address of a debtor's own page, for whoever it is given to.

    Args:
        contact_id: The contact point it goes to; that is then no second fact.
    """
    token = debtor_links.written(
        case_id,
        link_key(),
        now=now,
        contact_id=contact_id,
        lasts=lasts or debtor_links.LASTS,
    )
    return f"{settings().site_url}/pagar/{debtor_links.STEP}/{token}"


def dispatching(problem: Callable[[Exception], None]) -> dispatch_ports.Means:
    """All that a message to a debtor is taken out with."""
    from chalicelib.messages.facts import Links

    def links(file: CaseFile, reach: Reach) -> Links:
        case_id, to = file.head.case_id, reach.contact_id
        # A link is for the debtor alone, and nobody can write one down from a voice.
        theirs = reach.party == "debtor" and reach.channel is not contact.Channel.CALL
        portal = debtor_url(case_id, to, now=now()) if theirs else ""
        if reach.channel is not contact.Channel.EMAIL:
            return Links(portal=portal)
        url = unsubscribe_url(case_id, to, reach.channel, now().date())
        return Links(portal=portal, unsubscribe=url)

    return dispatch_ports.Means(
        cases=cases(),
        portfolios=portfolios(),
        templates=texts(),
        sender=sender,
        links=links,
        problem=problem,
        pay_to=lambda file: pay_to(file.head.portfolio_id, file.head.case_id),
        offer=offer_of,
        budget=rooms().take,
        pace=pacer().wait,
        again=_at_its_turn,
        prices=own_prices,
        keep=lambda key, body, media: evidence_files().write(key, body, content_type=media),
        enclosed=lambda file, attempt: papers_out.enclosed(file, attempt, evidence_files()),
        hours=hours_of,
    )


@functools.cache
def pacer() -> pacing.Pacer:
    """How fast all workers together hand messages to each provider."""
    known = settings()
    return pacing.Pacer(
        rates=known.send_rates,
        senders={
            contact.Channel.SMS: known.sms_senders,
            contact.Channel.CALL: known.voice_senders,
            contact.Channel.WHATSAPP: known.whatsapp_numbers,
        },
        paces=pace_rows.PaceStore(wire(), known.work_table),
    )


def _at_its_turn(case_id: str, attempt_id: str, turn: datetime, now: datetime) -> None:
    message = {"case_id": case_id, "attempt_id": attempt_id, "turn": turn.isoformat()}
    messages().send_later(message, wait_s=math.ceil((turn - now).total_seconds()))


def hours_of(
    file: CaseFile, portfolio: Portfolio, channel: contact.Channel, now: datetime
) -> hours.Told | None:
    """Say which hours are good for a case on a channel; None where nothing is known."""
    known = good_hours(portfolio.portfolio_id)
    segment = ""
    if known is not None and known.tells_of_segments(channel.value):
        book = _playbook(portfolio.portfolio_id, int(time.monotonic() // REMEMBERED_S))
        today = days.local_day(now, portfolio.time_zone)
        found = playbooks.segment_of(book, facts.facts_of(file, portfolio, today)) if book else None
        segment = found.segment_id if found else ""
    return hours.of_case(file, portfolio, channel, segment=segment, known=known, now=now)


def own_prices(portfolio_id: str) -> dict[str, int]:
    """What channels cost a portfolio by its own contract."""
    playbook = _playbook(portfolio_id, int(time.monotonic() // REMEMBERED_S))
    return dict(playbook.own_prices) if playbook else {}


@functools.lru_cache(maxsize=256)
def _own_prices(portfolio_id: str, at: int) -> dict[str, int]:
    playbook = _playbook(portfolio_id, at)
    return dict(playbook.own_prices) if playbook else {}


@functools.lru_cache(maxsize=256)
def _playbook(portfolio_id: str, _: int) -> Playbook | None:
    """Every message asks for it: read once in a while."""
    return strategies().playbook(portfolio_id)


@functools.cache
def rooms() -> budgets.Rooms:
    return budgets.Rooms(counters(), strategies())


@functools.cache
def conversations() -> conversation_rows.ConversationStore:
    return conversation_rows.ConversationStore(wire(), settings().work_table)


def conversing() -> conversation_ports.Means:
    """Everything a conversation is held with."""
    return conversation_ports.Means(
        conversations=conversations(),
        cases=cases(),
        portfolios=portfolios(),
        reached=lambda said: _answering(
            said.channel, {said.recipient, said.extras.get("number_id", "")}
        ),
        answering=lambda one: _answering(one.channel, {one.recipient, one.sender_id}),
        gate=conversation_facts.may_answer,
        sender=sender,
        pay_url=lambda file, to: debtor_url(file.head.case_id, to, now=now()),
        suppressed=suppressed,
    )


@functools.lru_cache(maxsize=1)
def _living_portfolios(_: int) -> list[Portfolio]:
    """Every message asks for all of them, which may be hundreds: read once in a while."""
    return [one for one in portfolios().all() if not one.archived]


def _answering(channel: contact.Channel, names: set[str]) -> list[Portfolio]:
    """
    Give the portfolios that answer at a number of ours: those of the countries it serves.

    A number that the settings do not name serves all of them.
    """
    known = settings()
    whatsapp_here = channel is contact.Channel.WHATSAPP
    numbers = known.whatsapp_numbers if whatsapp_here else known.sms_senders
    countries = {country for country, number in numbers.items() if number in names}
    living = _living_portfolios(int(time.monotonic() // REMEMBERED_S))
    if not countries:
        return living
    others = "*" in countries
    return [
        one for one in living if one.country in countries or (others and one.country not in numbers)
    ]
