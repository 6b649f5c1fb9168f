"""A portfolio (cartera): debts of one creditor under one set of policies."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.agreement_policy import AgreementLimits, AgreementRule
from chalicelib.domain.calls import CallPolicy
from chalicelib.domain.charge_off import ChargeOffPolicy
from chalicelib.domain.commission import CommissionRules
from chalicelib.domain.contact import Channel
from chalicelib.domain.field import FieldPolicy
from chalicelib.domain.forecast_test import ForecastPolicy
from chalicelib.domain.priority import QueuePolicy

COUNTRIES = ("MX", "CO", "CL", "PE", "AR", "BR", "EC", "PA", "PY", "UY", "BO", "CR", "US", "ES")


class Component(StrEnum):
    """What a debt's amount is made of; the allocation order lists these."""

    FEES = "fees"
    INTEREST = "interest"
    PRINCIPAL = "principal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """
    One ageing band (tramo).

    Args:
        code: Stable short name, such as ``"8-30"``.
        from_dpd: First day past due in the band, inclusive; ``None`` = no lower bound.
        to_dpd: Last day past due in the band, inclusive; ``None`` = open-ended.
    """

    code: str
    from_dpd: int | None
    to_dpd: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoratoryInterest:
    """
    Default interest: simple, on overdue principal only.

    Args:
        annual_rate_ppm: Annual simple rate in parts per million (36 % = 360_000).
        day_count: Days in the year of the formula, 360 or 365.
        grace_days: Days after the due date on which nothing accrues.
        cap_ppm: Most that may accrue, in parts per million of the debt's principal; None = no cap.
    """

    annual_rate_ppm: int = 0
    day_count: int = 360
    grace_days: int = 0
    cap_ppm: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseLimits:
    """
    What a promise to pay may be, and when it is kept. Supervisors may go beyond the first three.

    Args:
        most_days: How far ahead a promise may be.
        most_together: How many may be made at once, as a series.
        broken_before_person: After so many broken ones a person agrees the next.
        pause_days: How long messages pause after "I already paid".
        tolerance_days: Working days after its day on which a payment still keeps it.
        kept_percent, partial_percent: From which part of the amount on it counts as kept, or as
            partly kept.
    """

    most_days: int = 15
    broken_before_person: int = 2
    pause_days: int = 3
    most_together: int = 4
    tolerance_days: int = 1
    kept_percent: int = 95
    partial_percent: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputePolicy:
    """
    Who answers disputes, and how soon.

    Args:
        answer_days: Working days of the portfolio's country, counted from the day after.
        owner: Person id of who gets new ones; empty = whoever takes them.
    """

    answer_days: int = 10
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CashLimits:
    """``hand_limit_minor``: most cash an agent may hold; None = what is usual (``domain.cash``)."""

    hand_limit_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleLimits:
    """Most a role may post by hand at once, in minor units; None = no limit, 0 = nothing."""

    agent_payment_minor: int | None = 0
    agent_adjustment_minor: int | None = 0
    supervisor_adjustment_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactCap:
    """
    At most *most* contacts on *channels* in a period.

    Args:
        period: ``local_day``, ``iso_week`` or ``rolling_7d``, of the debtor's calendar.
    """

    channels: tuple[Channel, ...]
    most: int
    period: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLimits:
    """
    What is tighter in this portfolio than the law, and what the law asks to know of it.

    By its form it cannot loosen: days and channels are only closed, hours only cut, caps added.

    Args:
        opens_at, closes_at: Debtor's local clock, ``HH:MM``; empty leaves the law's hours.
        regime: Which of a country's regimes the creditor is under, such as ``commercial`` in
            Mexico; empty = the strictest.
        authorised_channels: Channels that every debtor of the portfolio authorised in writing, as
            the creditor attests; what a debtor says later counts more.
    """

    closed_days: tuple[date, ...] = ()
    closed_channels: tuple[Channel, ...] = ()
    opens_at: str = ""
    closes_at: str = ""
    caps: tuple[ContactCap, ...] = ()
    regime: str = ""
    authorised_channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeDay:
    """
    When people answer on one day of the week; the country's holidays are closed whatever it says.

    Args:
        weekday: 1 = Monday to 7 = Sunday.
        opens_at, closes_at: The portfolio's clock, ``HH:MM``.
    """

    weekday: int
    opens_at: str = "09:00"
    closes_at: str = "18:00"


OFFICE = tuple(OfficeDay(weekday=number) for number in range(1, 6))


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRates:
    """
    What work costs, in the currency's smallest unit; None is not known, and then not counted.

    Args:
        call_hour_minor: An hour on the telephone.
        field_hour_minor: An hour of a shift in the field.
        visit_minor: A visit that counts, beside its hours.
        km_minor: A kilometre gone in shifts.
        dollar_minor: A US dollar, in which messages are priced.
    """

    call_hour_minor: int | None = None
    field_hour_minor: int | None = None
    visit_minor: int | None = None
    km_minor: int | None = None
    dollar_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    bands: tuple[Band, ...]
    allocation_order: tuple[Component, ...] = (
        Component.FEES,
        Component.INTEREST,
        Component.PRINCIPAL,
    )
    moratory: MoratoryInterest = field(default_factory=MoratoryInterest)
    tolerance_minor: int = 0  # a debt owing this or less counts as settled for DPD and status
    geofence_radius_m: int = 100
    cash_allowed: bool = False
    agreements: AgreementLimits = field(default_factory=AgreementLimits)
    agreement_rules: tuple[AgreementRule, ...] = ()  # the first that fits a case; else the above
    role_limits: RoleLimits = field(default_factory=RoleLimits)
    retention_years: int = 5
    contact: ContactLimits = field(default_factory=ContactLimits)
    promises: PromiseLimits = field(default_factory=PromiseLimits)
    disputes: DisputePolicy = field(default_factory=DisputePolicy)
    office: tuple[OfficeDay, ...] = OFFICE
    cash: CashLimits = field(default_factory=CashLimits)
    queue: QueuePolicy = field(default_factory=QueuePolicy)
    calls: CallPolicy = field(default_factory=CallPolicy)
    ranking: bool = False  # whether boards put people in an order, for all of a team to see
    best_hour: bool = True  # whether a strategy's message waits for the best hour of its day
    costs: CostRates = field(default_factory=CostRates)
    commission: tuple[CommissionRules, ...] = ()  # each holds from its month on; none = nothing
    charge_off: ChargeOffPolicy = field(default_factory=ChargeOffPolicy)
    # Last: from here on the name is the policy's, no longer the function's.
    field: FieldPolicy = field(default_factory=FieldPolicy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Branding:
    """How debtors see the creditor. ``logo_key`` names an object of the site's public media."""

    display_name: str
    colour: str = "#1f5f5b"  # #rrggbb
    logo_key: str | None = None
    contact_line: str = ""  # phone or e-mail a debtor may use, as shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Identification:
    """
    Who collects and for whom, as the law of the country wants messages to say it.

    Args:
        creditor: Its legal name, where that is not the portfolio's creditor.
        agency: Who collects for the creditor; empty when it does so itself.
        registration: Of the agency, where there is a register (REDECO in Mexico).
        address, phone, email: Of who collects.
        complaints: Where a debtor may complain, as shown.
        payment_means: How to pay the creditor: account, reference, place.
    """

    creditor: str = ""
    creditor_tax_id: str = ""
    creditor_address: str = ""
    agency: str = ""
    registration: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    complaints: str = ""
    payment_means: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """
    Args:
        portfolio_id: Ours, ``prt_`` + sortable id.
        country: ISO 3166 alpha-2, one of ``COUNTRIES``.
        time_zone: IANA name, such as ``America/Mexico_City``.
        language: Debtors' language: ``es``, ``en`` or ``pt``.
        version: Grows by one with every change; writers condition on it.
    """

    portfolio_id: str
    name: str
    creditor: str
    country: str
    currency: str
    time_zone: str
    language: str
    branding: Branding
    policies: Policies
    created_at: datetime
    updated_at: datetime
    version: int = 1
    archived: bool = False
    identification: Identification = field(default_factory=Identification)
    forecast: ForecastPolicy = field(default_factory=ForecastPolicy)  # an admin sets it
