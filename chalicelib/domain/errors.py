"""What can go wrong in the business. Nothing here knows about HTTP or languages."""

from typing import Any, ClassVar


class DomainError(Exception):
    """
    A refusal the caller can understand and act on.

    Attributes:
        code: Stable dotted name. Clients branch on it and translations key on
            it, so renaming one is a breaking change.
        details: JSON-safe facts to show with the message, such as
            ``{"field": "due_on"}``. Never personal data.
    """

    code: ClassVar[str] = "error"

    def __init__(self, **details: Any) -> None:
        super().__init__(self.code, details)
        self.details = details


class Invalid(DomainError):
    """The request can never succeed as it stands."""


class Unauthenticated(DomainError):
    """We do not know who is asking, or no longer."""


class Forbidden(DomainError):
    """The actor may not do this."""


class NotFound(DomainError):
    """No such thing, or none that the actor may see."""


class Conflict(DomainError):
    """Something else happened first; reading again may resolve it."""


class TooMany(DomainError):
    """Asked too often; details carry ``retry_after_s``."""


class BadField(Invalid):
    """details: ``field`` (dotted path), ``reason`` (short code: ``missing``, ``too_long``...)."""

    code = "request.bad_field"


class NotAllowed(Forbidden):
    """details: ``needs`` (the role that may)."""

    code = "actor.not_allowed"


class CaseNotFound(NotFound):
    code = "case.not_found"


class PortfolioNotFound(NotFound):
    code = "portfolio.not_found"


class CaseMoved(Conflict):
    """Somebody else changed the case between reading and writing; read it again and retry."""

    code = "case.moved"


class AlreadyRecorded(Conflict):
    """A fact with this key was recorded before; details: ``key``, ``same`` (identical content?)."""

    code = "fact.already_recorded"


class DebtNotFound(NotFound):
    """details: ``debt_id``."""

    code = "debt.not_found"


class EntryNotFound(NotFound):
    """details: ``entry_id``."""

    code = "entry.not_found"


class NotReversible(Invalid):
    """
    Only charges, payments, adjustments and waivers can be reversed, and once.

    details: ``entry_id``, ``reason``: ``kind``, ``already_reversed`` or ``agreement``.
    """

    code = "entry.not_reversible"


class AgreementNotFound(NotFound):
    """details: ``agreement_id``."""

    code = "agreement.not_found"


class AgreementSettled(Conflict):
    """The agreement is past that, or not there yet; details: ``agreement_id``, ``state``."""

    code = "agreement.settled"


class AgreementOutdated(Conflict):
    """What the debts owe has changed since it was worked out; details: ``agreement_id``."""

    code = "agreement.outdated"


class AgreementInForce(Conflict):
    """The case has an agreement that must end first; details: ``agreement_id``."""

    code = "agreement.in_force"


class AgreementBeyondLimits(Invalid):
    """
    More than may be agreed without a second person.

    details: ``breaches`` (``field``, ``reason``, ``limit``), ``counter``: the nearest that may.
    """

    code = "agreement.beyond_limits"


class OwnRequest(Forbidden):
    """Who asked for something, or made what it rests on, does not decide on it."""

    code = "approval.own"


class CorrectionNotFound(NotFound):
    """details: ``correction_id``."""

    code = "correction.not_found"


class CorrectionSettled(Conflict):
    """It was decided on already; details: ``state``."""

    code = "correction.settled"


class ChargeOffNotFound(NotFound):
    """details: ``charge_off_id``."""

    code = "charge_off.not_found"


class ChargeOffSettled(Conflict):
    """It is charged off, asked for or decided on already; details: ``state``, ``debt_id``."""

    code = "charge_off.settled"


class NothingToChargeOff(Conflict):
    """The debt owes nothing any more; details: ``debt_id``."""

    code = "charge_off.paid"


class OwnAgreement(Forbidden):
    """Who asked for more than the limits does not decide on it; details: ``agreement_id``."""

    code = "agreement.own"


class NotProven(Invalid):
    """The debtor's yes is not proven by what was given; details: ``reason``."""

    code = "agreement.not_proven"


class PromiseNotFound(NotFound):
    """details: ``promise_id``."""

    code = "promise.not_found"


class PromiseTooLate(Invalid):
    """Further ahead than the portfolio wants; details: ``latest``."""

    code = "promise.too_late"


class PromiseSettled(Conflict):
    """The promise is no longer open; details: ``promise_id``, ``state``."""

    code = "promise.settled"


class AttemptNotFound(NotFound):
    """details: ``attempt_id``."""

    code = "attempt.not_found"


class LinkExpired(NotFound):
    """A link from a message that is not ours, or whose time is over."""

    code = "link.expired"


class CodeNotValid(Invalid):
    """A one-time code is wrong, too old, used or tried too often; nothing tells which."""

    code = "code.not_valid"


class CodeNotSent(Conflict):
    """No one-time code could be sent to the debtor; details: ``reason``."""

    code = "code.not_sent"


class AttemptSettled(Conflict):
    """What became of the message is known, or it is too early to say; details: ``state``."""

    code = "attempt.settled"


class TurnTaken(Conflict):
    """The case's turn in the queue of calls is somebody else's; details: ``case_id``."""

    code = "call.taken"


class CallNotAllowed(Conflict):
    """
    The contact decision denies a call there now.

    details: ``reason_code``, ``article``, ``next_allowed_at``.
    """

    code = "call.not_allowed"


class CallNotRung(Conflict):
    """
    The dialer rang nobody; details: ``reason``.

    ``off``, ``late``, or as of ``contact.NotSent``, and ``agent_unknown``.
    """

    code = "call.not_rung"


class CallUnfinished(Invalid):
    """The result wants what was not made during the call; details: ``wants``."""

    code = "call.unfinished"


class QueueNotFound(NotFound):
    """details: ``name``."""

    code = "queue.not_found"


class ContactNotFound(NotFound):
    """details: ``contact_id``."""

    code = "contact.not_found"


class DisputeNotFound(NotFound):
    """details: ``dispute_id``."""

    code = "dispute.not_found"


class DisputeSettled(Conflict):
    """It has ended; details: ``dispute_id``, ``state``."""

    code = "dispute.settled"


class HoldNotFound(NotFound):
    """details: ``hold_id``."""

    code = "hold.not_found"


class TaskNotFound(NotFound):
    """details: ``task_id``."""

    code = "task.not_found"


class TaskEnded(Conflict):
    """The task was done, or dropped, already; details: ``task_id``, ``state``."""

    code = "task.ended"


class NotOfPortfolio(Invalid):
    """Work cannot be given to who may not see the case; details: ``person_id``."""

    code = "person.not_of_portfolio"


class VisitNotFound(NotFound):
    """details: ``visit_id``."""

    code = "visit.not_found"


class VisitInvalid(Invalid):
    """
    The report makes no sense as it stands.

    details: ``fields``: list of ``field``, ``reason`` and, of a questionnaire, ``question``.
    """

    code = "visit.invalid"


class SignatureInvalid(Forbidden):
    """The visit was not signed by a device of this person that is in use."""

    code = "visit.signature_invalid"


class VisitSettled(Conflict):
    """Somebody decided on the visit already; details: ``visit_id``, ``state``."""

    code = "visit.settled"


class VisitOwn(Forbidden):
    """Nobody judges a visit of their own; details: ``visit_id``."""

    code = "visit.own"


class VisitTaken(Conflict):
    """Another report came under this id before; details: ``visit_id``."""

    code = "visit.taken"


class ReceiptNotFound(NotFound):
    """details: ``number``."""

    code = "receipt.not_found"


class ReceiptVoid(Conflict):
    """The receipt was taken back before; details: ``number``."""

    code = "receipt.void"


class DepositNotFound(NotFound):
    """details: ``deposit_id``."""

    code = "deposit.not_found"


class DepositCounted(Conflict):
    """Somebody counted it, and found something else; details: ``deposit_id``."""

    code = "deposit.counted"


class DepositTaken(Conflict):
    """Another deposit was declared under this id; details: ``deposit_id``."""

    code = "deposit.taken"


class CashOwn(Forbidden):
    """Nobody counts, voids or settles cash they took themselves."""

    code = "cash.own"


class CredentialNotValid(NotFound):
    """A code that nobody shows, or no longer; the answer does not tell which."""

    code = "credential.not_valid"


class DeviceNotFound(NotFound):
    """details: ``device_id``."""

    code = "device.not_found"


class DeviceTaken(Conflict):
    """The device's id is somebody else's, has another key, or was revoked; details: ``reason``."""

    code = "device.taken"


class AgentStillHere(Conflict):
    """Only what is of an agent who left may be brought by others; details: ``person_id``."""

    code = "rescue.still_here"


class StrategyNotFound(NotFound):
    """details: ``strategy_id``."""

    code = "strategy.not_found"


class DryRunNotFound(NotFound):
    """details: ``dry_run_id``."""

    code = "dry_run.not_found"


# Jobs of many cases.


class BulkJobNotFound(NotFound):
    """details: ``job_id``."""

    code = "bulk_job.not_found"


class BulkJobMoved(Conflict):
    """Somebody, or the work itself, changed it meanwhile. details: ``job_id``."""

    code = "bulk_job.moved"


class BulkJobWrongState(Conflict):
    """Not now: it is being counted, under way, too old or over. details: ``state``."""

    code = "bulk_job.wrong_state"


class StrategyMoved(Conflict):
    """Somebody else changed the strategy, or the segments, between reading and writing."""

    code = "strategy.moved"


class StrategyInvalid(Invalid):
    """details: ``problems``: list of ``where`` (step or segment), ``field``, ``reason``."""

    code = "strategy.invalid"


class StrategyWrongState(Conflict):
    """details: ``state``, or ``used_by``: the segments that still use it."""

    code = "strategy.wrong_state"


class CaseVoid(Conflict):
    """The case was undone or merged into another; details: ``merged_into`` (id or None)."""

    code = "case.void"


class OverLimit(Forbidden):
    """More than the role may post by hand at once; details: ``limit_minor``."""

    code = "ledger.over_limit"


# The request itself.


class NotJson(Invalid):
    code = "request.not_json"


class TooLarge(Invalid):
    """details: ``limit_bytes``."""

    code = "request.too_large"


class KeyReused(Invalid):
    """The same Idempotency-Key came with another request before."""

    code = "request.key_reused"


class InProgress(Conflict):
    """The first request with this Idempotency-Key has not ended; ask again shortly."""

    code = "request.in_progress"


# Sessions: a refusal never tells whether the e-mail is known.


class SignInFailed(Unauthenticated):
    code = "session.sign_in_failed"


class SessionEnded(Unauthenticated):
    """Expired, signed out everywhere, disabled, or never valid."""

    code = "session.ended"


class TotpRequired(Unauthenticated):
    """The role needs a second factor and this person has none yet; sign in to set it up."""

    code = "session.totp_required"


class ChallengeEnded(Unauthenticated):
    """The step of the sign-in took too long; start again."""

    code = "session.challenge_ended"


class PasswordResetRequired(Unauthenticated):
    """An admin reset the password; the way in is the e-mailed code."""

    code = "session.password_reset_required"


class CodeWrong(Invalid):
    """A one-time or e-mailed code is wrong or too old."""

    code = "session.code_wrong"


class PasswordTooWeak(Invalid):
    code = "session.password_too_weak"


class TooManyAttempts(TooMany):
    code = "session.too_many_attempts"


# People.


class PersonNotFound(NotFound):
    code = "person.not_found"


class PersonMoved(Conflict):
    """Somebody else changed the person, or the actor's own rights, meanwhile."""

    code = "person.moved"


class EmailTaken(Conflict):
    code = "person.email_taken"


class NotYourself(Forbidden):
    """Nobody disables or demotes themself; so the last admin always stays."""

    code = "person.not_yourself"


class AlreadyActive(Conflict):
    """The invitation was accepted; there is nothing to send again."""

    code = "person.already_active"


class NotActive(Conflict):
    """The person has not accepted the invitation, or is disabled."""

    code = "person.not_active"


# Portfolios and service tokens.


class PortfolioMoved(Conflict):
    """Somebody else changed it; details: ``version`` now on record."""

    code = "portfolio.moved"


class TokenNotFound(NotFound):
    code = "token.not_found"


class UploadNotFound(NotFound):
    code = "upload.not_found"


class UploadMoved(Conflict):
    """Somebody else moved the upload on; read it again."""

    code = "upload.moved"


class UploadNotNow(Conflict):
    """The upload's state does not allow it; details: ``state``, ``action``, ``retry_after_s``?."""

    code = "upload.not_now"


class UploadTooLarge(Invalid):
    """details: ``max_bytes``."""

    code = "upload.too_large"


class MappingIncomplete(Invalid):
    """details: ``missing``: groups of fields of which one is needed; ``unanswered``: questions."""

    code = "upload.mapping_incomplete"


class MappingRefused(Invalid):
    """details: ``field``, ``reason`` (``unknown_field``, ``twice``, ``no_column``)."""

    code = "upload.mapping_refused"


class ForecastTestNotFound(NotFound):
    """details: ``test_id``."""

    code = "forecast_test.not_found"


class ViewNotFound(NotFound):
    """details: ``view_id``."""

    code = "view.not_found"


class ViewMoved(Conflict):
    """Others kept changing the view; details: ``view_id``."""

    code = "view.moved"


class TeamPlanNotFound(NotFound):
    """details: ``plan_id``."""

    code = "team_plan.not_found"


class ExportNotFound(NotFound):
    code = "export.not_found"


class MergeNotFound(NotFound):
    code = "merge.not_found"


class ConversationNotFound(NotFound):
    code = "conversation.not_found"


class ConversationMoved(Conflict):
    """Somebody wrote in it, or took it, meanwhile."""

    code = "conversation.moved"


class ReplyNotSent(Conflict):
    """
    details: ``reason``: ``window_closed``, ``not_yours``, a contact rule's reason, or what the
    provider said; ``next_allowed_at`` where waiting helps.
    """

    code = "conversation.not_sent"


class MergeRefused(Conflict):
    """
    details: ``reason``: ``same_case``, ``void``, ``portfolio``, ``built_upon``, ``undone``,
    ``erased``.
    """

    code = "merge.refused"


# Texts.


class TemplateNotFound(NotFound):
    """There is no text for it; details: ``template_id``, ``channel``, ``language``."""

    code = "template.not_found"


class TemplateMoved(Conflict):
    """Somebody else changed the text; details: ``version`` now on record."""

    code = "template.moved"


class TemplateRefused(Invalid):
    """The text has faults; details: ``findings`` as the check answers them."""

    code = "template.refused"


class TemplateNotSent(Conflict):
    """The provider refused the test; details: ``reason`` (a code of the channel)."""

    code = "template.not_sent"


# Field work.


class AddressNotFound(NotFound):
    """details: ``address_id``."""

    code = "address.not_found"


class AssignmentNotFound(NotFound):
    """details: ``assignment_id``."""

    code = "assignment.not_found"


class AlreadyAssigned(Conflict):
    """
    A visit of the case is planned already: somebody was faster, or it must be reassigned.

    details: ``case_id``, ``assignment_id``, ``person_id``, ``day``.
    """

    code = "assignment.taken"


class VisitNotAllowed(Conflict):
    """
    The contact decision has no hour of that day for a visit.

    details: ``reason_code``, ``article``, ``next_allowed_at``.
    """

    code = "assignment.not_allowed"


class NotAssignable(Invalid):
    """details: ``reason``: ``case_closed``, ``day_past``, ``person``, ``address``."""

    code = "assignment.invalid"


class ShiftNotFound(NotFound):
    """details: ``shift_id``."""

    code = "shift.not_found"


class ShiftOverlaps(Conflict):
    """Another shift was open at that moment; details: ``shift_id`` of it."""

    code = "shift.overlaps"


class AgentNotFound(NotFound):
    """No such agent, or none of one's portfolios."""

    code = "agent.not_found"


class TrackingBusy(Conflict):
    """What is known of the agent kept moving; the same again will do."""

    code = "tracking.busy"


class TrackerNotFound(NotFound):
    """details: ``tracker_id``."""

    code = "tracker.not_found"


class TrackerRefused(Unauthenticated):
    """No token that works: none, unknown, revoked and disabled sound the same."""

    code = "tracker.refused"


class TrackerUnreadable(Invalid):
    """A tracking app's request holds no position; details: ``reason``."""

    code = "tracker.unreadable"


class AlarmNotFound(NotFound):
    """details: ``alarm_id``."""

    code = "alarm.not_found"


class AlarmMoved(Conflict):
    """Somebody else took or closed it; details: ``state``."""

    code = "alarm.moved"


class ZoneNotFound(NotFound):
    """details: ``zone_id``."""

    code = "zone.not_found"


class ZoneMoved(Conflict):
    """Somebody else changed the zone; read it again. details: ``zone_id``."""

    code = "zone.moved"


class ProfileMoved(Conflict):
    """Somebody else changed the profile; read it again. details: ``person_id``."""

    code = "profile.moved"


class GoalsMoved(Conflict):
    """Somebody else changed the month's goals; read them again. details: ``month``."""

    code = "goals.moved"


class BatchNotFound(NotFound):
    """details: ``batch_id``."""

    code = "batch.not_found"


# Documents that we issue.


class DocumentNotFound(NotFound):
    """details: ``document_id``."""

    code = "document.not_found"


class DocumentNotValid(NotFound):
    """We issued no document with this code."""

    code = "document.not_valid"


class PaperNotFound(NotFound):
    """details: ``paper_id``."""

    code = "paper.not_found"


class PaperEnded(Conflict):
    """It was withdrawn, replaced or erased; details: ``paper_id``."""

    code = "paper.ended"


class FileInfected(Conflict):
    """A scanner found malware in a file, so nobody gets it; details: ``reason`` (``malware``)."""

    code = "file.infected"


# Paying by oneself.


class CheckoutNotFound(NotFound):
    """details: ``checkout_id``."""

    code = "checkout.not_found"


class NothingToPay(Conflict):
    """What was to be paid is not owed (any more), or less of it is; details: ``owed_minor``."""

    code = "checkout.nothing_to_pay"


class ProviderUnavailable(Conflict):
    """The provider did not start a payment; details: ``provider``, ``reason``, ``retry``."""

    code = "checkout.unavailable"


class WebhookForged(Unauthenticated):
    """A notification whose signature is not the provider's; details: ``reason``."""

    code = "webhook.forged"


class UnmatchedNotFound(NotFound):
    """details: ``unmatched_id``."""

    code = "unmatched.not_found"


class UnmatchedMoved(Conflict):
    """Somebody else is dealing with it; details: ``state``, ``case_id``."""

    code = "unmatched.moved"


class NotReturnable(Conflict):
    """It cannot be sent back; details: ``reason``."""

    code = "payment.not_returnable"


# Questionnaires.


class FormNotFound(NotFound):
    """details: ``form_id``, or ``version``."""

    code = "form.not_found"


class FormMoved(Conflict):
    """Somebody else changed the questionnaire meanwhile; details: ``revision`` now on record."""

    code = "form.moved"


class FormFileRefused(Invalid):
    """
    The spreadsheet makes no questionnaire.

    details: ``problems``: ``code``, ``detail``, ``sheet``, ``row``, ``column``, ``question`` and
    ``text`` by language.
    """

    code = "form.refused"


class FormForbidden(Invalid):
    """
    It asks what the country's law forbids to ask, and nobody agreed to leave that out.

    details: ``questions``: ``question``, ``row``, ``topic``, ``article``.
    """

    code = "form.forbidden"


class FormWrongState(Conflict):
    """details: ``state``."""

    code = "form.wrong_state"


# Accounts at providers of payments.


class PaymentProviderNotFound(NotFound):
    """No such provider here, or the portfolio has no account with it. details: ``provider``."""

    code = "payment_provider.not_found"


class PaymentAccountMoved(Conflict):
    """Somebody else changed the account; read it again. details: ``provider``."""

    code = "payment_provider.moved"


# Figures of the lake.


class DayMissing(Conflict):
    """
    A day that a figure begins or ends with is not in the lake: it was not exported, or not yet.

    details: ``day``; ``first``, ``last``: of the days that are there (None: none at all).
    """

    code = "lake.day_missing"


class ReportNotFound(NotFound):
    """details: ``report_id``."""

    code = "report.not_found"


class ReportMoved(Conflict):
    """Somebody else changed the report; details: ``version`` now on record."""

    code = "report.moved"


class ReportNamesPeople(Conflict):
    """It is divided by, or only of, persons: that goes to nobody outside."""

    code = "report.names_people"


class ReportTooFew(Conflict):
    """All that it tells is of a few cases; details: ``least`` that a number is to be of."""

    code = "report.too_few"


class TooManyOnHome(Conflict):
    """A home page has room for no more reports; details: ``most``."""

    code = "report.home_full"


class ReportScheduleNotFound(NotFound):
    """details: ``schedule_id``."""

    code = "report_schedule.not_found"


class ReportScheduleMoved(Conflict):
    """Somebody else changed it, or it was just sent; details: ``version`` now on record."""

    code = "report_schedule.moved"


class TooManySchedules(Conflict):
    """A portfolio has its reports sent by as many schedules as it can; details: ``most``."""

    code = "report_schedule.too_many"


class DataRequestNotFound(NotFound):
    """details: ``request_id``."""

    code = "data_request.not_found"


class DataRequestMoved(Conflict):
    """Somebody else did something about the request since; details: ``version`` now on record."""

    code = "data_request.moved"


class DataRequestSettled(Conflict):
    """The request was answered or has ended; details: ``state``."""

    code = "data_request.settled"


class DataSuppressed(Conflict):
    """It was erased at the person's request, so nobody adds it again; details: ``field``."""


class PhoneSuppressed(DataSuppressed):
    """details: ``field``."""

    code = "suppressed.phone"


class EmailSuppressed(DataSuppressed):
    """details: ``field``."""

    code = "suppressed.email"


class AddressSuppressed(DataSuppressed):
    """details: ``field``."""

    code = "suppressed.address"


class TaxIdSuppressed(DataSuppressed):
    """details: ``field``."""

    code = "suppressed.tax_id"


class NotSuppressed(NotFound):
    """The suppression list does not know the value; details: ``kind``."""

    code = "suppressed.not_found"


class DataErasureBlocked(Conflict):
    """Something is still open on a case of the person; details: ``blockers``."""

    code = "data_request.blocked"


class FigureNotTold(Conflict):
    """No engine could tell it; details: ``reason``: ``too_much``, ``too_long``, ``engine``."""

    code = "lake.not_told"
