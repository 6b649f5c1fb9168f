"""Where real stores meet the code that needs them. The only module that knows both."""

import functools
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.channels.letter import LetterSender
from chalicelib.channels.mail import MailSender
from chalicelib.channels.sms import SmsSender
from chalicelib.channels.voice import VoiceSender
from chalicelib.channels.whatsapp import WhatsAppSender
from chalicelib.channels.whatsapp_media import WhatsAppMedia
from chalicelib.config import settings
from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import Cause, Channel, Outgoing, Receipt
from chalicelib.domain.dry_run import DryRun
from chalicelib.domain.links import Link, sealed
from chalicelib.domain.offer import Offer
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services.templates import Texts
from chalicelib.store import repeats as repeat_rows
from chalicelib.store import work_table
from chalicelib.store.access_tokens import AccessTokens, fetch_keys
from chalicelib.store.allowances import AllowanceStore
from chalicelib.store.cases import CaseStore
from chalicelib.store.clock import MovedClock
from chalicelib.store.conversations import ConversationStore
from chalicelib.store.counters import CounterStore
from chalicelib.store.dead_letters import DeadLetters
from chalicelib.store.documents import Documents
from chalicelib.store.enrolments import EnrolmentStore
from chalicelib.store.exports import ExportStore
from chalicelib.store.files import BucketFiles
from chalicelib.store.geocoder import AmazonLocationGeocoder
from chalicelib.store.identity import CognitoIdentity
from chalicelib.store.media import MediaStore
from chalicelib.store.merges import MergeStore
from chalicelib.store.people import PersonStore
from chalicelib.store.portfolios import PortfolioStore
from chalicelib.store.queues import SqsQueue
from chalicelib.store.repeats import RepeatStore
from chalicelib.store.strategies import StrategyStore
from chalicelib.store.templates import TemplateStore
from chalicelib.store.tokens import TokenStore
from chalicelib.store.uploads import UploadStore
from chalicelib.store.wire import Wire
from chalicelib.store.wire import from_environment as wire_from_environment

if TYPE_CHECKING:
    from chalicelib.services import contacting, dispatch
    from chalicelib.services.conversation_ports import Means

CASE_THREADS = 4
REMEMBERED_S = 15
UNSUBSCRIBE_FOR = timedelta(days=730)


@functools.cache
def aws(service: Any, *, once: bool = False) -> Any:
    """
    Make a boto3 client once per process, when it is first needed.

    Args:
        once: Never repeat a call by itself: for what must not happen twice, such as a message.
    """
    import boto3
    from botocore.config import Config

    # API Gateway hangs up after 29 s; boto3 alone would wait 60 s for one read.
    # Left to itself, boto3 still signs links the old way, which S3 refuses for objects under a
    # KMS key.
    config = Config(
        connect_timeout=2,
        read_timeout=10,
        retries={"mode": "standard", "total_max_attempts": 1 if once else 3},
        signature_version="s3v4" if service == "s3" else None,
    )
    return boto3.client(service, region_name=settings().region, config=config)


@functools.cache
def _work_bound() -> None:
    work_table.bind(settings().work_table)


@functools.cache
def _laptop_clock() -> MovedClock:
    _work_bound()
    return MovedClock()


def now() -> datetime:
    """Give the time, UTC; on the laptop as somebody set it (``local/clock.py``)."""
    return _laptop_clock().now() if settings().stage == "local" else datetime.now(UTC)


def people() -> PersonStore:
    _work_bound()
    return PersonStore()


def portfolios() -> PortfolioStore:
    _work_bound()
    return PortfolioStore()


def tokens() -> TokenStore:
    _work_bound()
    return TokenStore()


@functools.cache
def identity() -> CognitoIdentity:
    return CognitoIdentity(
        aws("cognito-idp"),
        pool_id=settings().user_pool_id,
        client_id=settings().user_pool_client_id,
    )


@functools.cache
def access_tokens() -> AccessTokens:
    """One per process: it remembers the pool's public keys."""
    return AccessTokens(
        issuer=settings().token_issuer,
        client_id=settings().user_pool_client_id,
        keys=lambda: fetch_keys(settings().jwks_url),
    )


@functools.cache
def wire() -> Wire:
    """The thin DynamoDB client of the bulk paths; its pool is as large as what shares it."""
    return wire_from_environment(pool=CASE_THREADS * 2)


@functools.cache
def cases() -> CaseStore:
    return CaseStore(
        wire(), cases=settings().cases_table, work=settings().work_table, threads=CASE_THREADS
    )


@functools.cache
def counters() -> CounterStore:
    return CounterStore(wire(), settings().work_table)


def actor_names(actor_ids: set[str]) -> dict[str, str]:
    """Name the people among *actor_ids*, for timelines and ledgers."""
    people_ids = {one: one.removeprefix("user:") for one in actor_ids if one.startswith("user:")}
    known = people().names(people_ids.values())
    return {one: known[person] for one, person in people_ids.items() if person in known}


@functools.cache
def uploads() -> UploadStore:
    return UploadStore(wire(), settings().work_table)


@functools.cache
def geocoder() -> AmazonLocationGeocoder | None:
    """The geocoder that the stack was given, if any."""
    if settings().geocoder == "amazon":
        return AmazonLocationGeocoder(aws("geo-places"))
    return None


@functools.cache
def allowances() -> AllowanceStore:
    return AllowanceStore(wire(), settings().work_table)


@functools.cache
def enrolments() -> EnrolmentStore:
    return EnrolmentStore(wire(), settings().work_table)


@functools.cache
def dry_runs() -> Documents[DryRun]:
    return Documents(wire(), settings().work_table, DryRun, name="DRYRUN", key="dry_run_id")


@functools.cache
def plan_jobs() -> SqsQueue:
    return SqsQueue(aws("sqs"), settings().plan_queue_url)


@functools.cache
def offer_of(portfolio_id: str, cause: Cause) -> Offer | None:
    """What a strategy offers; a published version never changes, so it is read once."""
    from chalicelib.services.strategies import offer_of as read

    return read(portfolio_id, cause, strategies=strategies())


@functools.cache
def strategies() -> StrategyStore:
    return StrategyStore(wire(), settings().work_table)


@functools.cache
def merges() -> MergeStore:
    return MergeStore(wire(), settings().work_table)


@functools.cache
def exports() -> ExportStore:
    return ExportStore(wire(), settings().work_table)


@functools.cache
def templates() -> TemplateStore:
    """One per process: it remembers a portfolio's texts for half a minute."""
    return TemplateStore(wire(), settings().work_table)


def texts() -> Texts:
    """What sending asks for a text."""
    return Texts(templates())


@functools.cache
def upload_files() -> BucketFiles:
    return BucketFiles(aws("s3"), settings().uploads_bucket, public_url=settings().public_s3_url)


@functools.cache
def export_files() -> BucketFiles:
    return BucketFiles(aws("s3"), settings().exports_bucket, public_url=settings().public_s3_url)


@functools.cache
def evidence_files() -> BucketFiles:
    return BucketFiles(aws("s3"), settings().evidence_bucket, public_url=settings().public_s3_url)


class Sender(Protocol):
    def send(self, message: Outgoing) -> Receipt: ...


@functools.cache
def sender(channel: Channel) -> Sender:
    """
    The adapter that hands a message over.

    Raises:
        KeyError: A visit is made by a person.
    """
    known = settings()
    match channel:
        case Channel.EMAIL:
            return MailSender(
                aws("sesv2", once=True),
                sender=known.mail_from,
                configuration_set=known.mail_events,
            )
        case Channel.SMS:
            return SmsSender(
                aws("pinpoint-sms-voice-v2", once=True),
                senders=known.sms_senders,
                configuration_set=known.sms_events,
            )
        case Channel.CALL:
            return VoiceSender(
                aws("pinpoint-sms-voice-v2", once=True),
                senders=known.voice_senders,
                configuration_set=known.sms_events,
            )
        case Channel.WHATSAPP:
            return WhatsAppSender(
                aws("socialmessaging", once=True),
                numbers=known.whatsapp_numbers,
                shelf=export_files(),
                bucket=known.exports_bucket,
            )
        case Channel.LETTER:
            return LetterSender(evidence_files(), now=now)
    raise KeyError(channel)


@functools.cache
def upload_steps() -> SqsQueue:
    return SqsQueue(aws("sqs"), settings().upload_steps_queue_url)


@functools.cache
def upload_chunks() -> SqsQueue:
    return SqsQueue(aws("sqs"), settings().upload_chunks_queue_url)


@functools.cache
def export_jobs() -> SqsQueue:
    return SqsQueue(aws("sqs"), settings().exports_queue_url)


@functools.cache
def whatsapp_media() -> WhatsAppMedia:
    known = settings()
    return WhatsAppMedia(
        aws("socialmessaging"),
        aws("s3"),
        bucket=known.evidence_bucket,
        number_id=next(iter(known.whatsapp_numbers.values()), ""),
    )


@functools.cache
def dead_letters() -> DeadLetters:
    known = settings()
    queues = {
        "messages": known.messages_queue_url,
        "channel-events": known.channel_events_queue_url,
        "plan": known.plan_queue_url,
        "upload-steps": known.upload_steps_queue_url,
        "upload-chunks": known.upload_chunks_queue_url,
        "exports": known.exports_queue_url,
    }
    return DeadLetters(aws("sqs"), queues)


@functools.cache
def channel_events() -> SqsQueue:
    return SqsQueue(aws("sqs"), settings().channel_events_queue_url)


@functools.cache
def messages() -> SqsQueue:
    """The planned messages whose moment has come."""
    return SqsQueue(aws("sqs"), settings().messages_queue_url)


@functools.cache
def link_key() -> bytes:
    """What signs the links in messages; one per process, as it never changes."""
    secret = aws("secretsmanager").get_secret_value(SecretId=settings().link_key_secret)
    return str(secret["SecretString"]).encode()


def unsubscribe_url(case_id: str, contact_id: str, channel: Channel, today: date) -> str:
    """The address that refuses further messages there by one click, for two years."""
    link = Link(
        purpose="unsubscribe",
        case_id=case_id,
        subject=contact_id,
        channel=channel.value,
        until=today + UNSUBSCRIBE_FOR,
    )
    return f"{settings().site_url}/api/v1/unsubscribe/{sealed(link, link_key())}"


def dispatching(problem: Callable[[Exception], None]) -> "dispatch.Means":
    """All that a message to a debtor is taken out with."""
    # Templates and the law are large, and no request of the API needs them.
    from chalicelib.messages.facts import Links
    from chalicelib.services import dispatch

    def links(file: CaseFile, reach: "contacting.Reach") -> Links:
        if reach.channel is not Channel.EMAIL:
            return Links()
        url = unsubscribe_url(file.head.case_id, reach.contact_id, reach.channel, now().date())
        return Links(unsubscribe=url)

    return dispatch.Means(
        cases=cases(),
        portfolios=portfolios(),
        templates=texts(),
        sender=sender,
        links=links,
        problem=problem,
        offer=offer_of,
    )


@functools.cache
def media() -> MediaStore:
    return MediaStore(aws("s3"), bucket=settings().site_bucket)


@functools.cache
def repeats() -> RepeatStore:
    repeat_rows.bind(settings().idempotency_table)
    return RepeatStore()


def read_phone(text: str, country: str) -> str | None:
    """Read *text* as a phone of *country*; None when it is none."""
    from chalicelib.intake.phones import phone_reader  # large, and few requests need it
    from chalicelib.intake.values import BadValue

    try:
        return phone_reader(country)(text)
    except BadValue:
        return None


@functools.cache
def conversations() -> ConversationStore:
    return ConversationStore(wire(), settings().work_table)


def conversing() -> "Means":
    """Everything a conversation is held with (``services.conversation_ports.Means``)."""
    from chalicelib.services.conversation_facts import may_answer
    from chalicelib.services.conversation_ports import Means

    return Means(
        conversations=conversations(),
        cases=cases(),
        portfolios=portfolios(),
        reached=lambda said: _answering(
            said.channel, {said.recipient, said.extras.get("number_id", "")}
        ),
        answering=lambda one: _answering(one.channel, {one.recipient, one.sender_id}),
        gate=may_answer,
        sender=sender,
        pay_url=lambda file, portfolio: "",  # noqa: ARG005 (no debtor's page yet)
    )


@functools.lru_cache(maxsize=1)
def _living_portfolios(_: int) -> list[Portfolio]:
    """Every message asks for all of them, which may be hundreds: read once in a while."""
    return [one for one in portfolios().all() if not one.archived]


def _answering(channel: Channel, names: set[str]) -> list[Portfolio]:
    """
    Give the portfolios that answer at a number of ours: those of the countries it serves.

    A number that the settings do not name serves all of them.
    """
    numbers = settings().whatsapp_numbers if channel is Channel.WHATSAPP else settings().sms_senders
    countries = {country for country, number in numbers.items() if number in names}
    known = _living_portfolios(int(time.monotonic() // REMEMBERED_S))
    if not countries:
        return known
    others = "*" in countries
    return [
        one for one in known if one.country in countries or (others and one.country not in numbers)
    ]
