"""What a portfolio may do, as its settings write and answer it."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import Day, Email, Minor
from chalicelib.handlers.models.queue_policy import CallPolicy, QueuePolicy

Ppm = Annotated[int, Field(description="Parts per million: 36 % is 360000.")]
Channel = Literal["call", "sms", "whatsapp", "email", "letter", "visit"]
Clock = Annotated[
    str,
    Field(
        pattern=r"^(|([01]\d|2[0-3]):[0-5]\d)$",
        description="The debtor's local clock, `HH:MM`; empty = as the law says.",
    ),
]


class Band(Body):
    code: Annotated[str, Field(min_length=1, max_length=20)]
    from_dpd: int | None
    to_dpd: int | None


class Moratory(Body):
    """Simple default interest on overdue principal."""

    annual_rate_ppm: Ppm = 0
    day_count: int = 360
    grace_days: int = 0
    cap_ppm: Ppm | None = None


class Agreements(Body):
    """What may be agreed without a second person."""

    min_down_payment_ppm: Ppm = 100_000
    max_instalments: int = 12
    max_discount_principal_ppm: Ppm = 0
    max_discount_interest_ppm: Ppm = 500_000
    max_discount_fees_ppm: Ppm = 1_000_000
    min_share_minor: Minor = 0
    frequencies: Annotated[
        list[Literal["weekly", "fortnightly", "monthly"]],
        Field(min_length=1, max_length=3, default=["weekly", "fortnightly", "monthly"]),
    ]
    first_within_days: int = 45
    valid_days: int = 10
    earned: Literal["start", "share", "end"] = "share"
    missed: int = 1
    grace_days: int = 5
    extension_days: int = 30
    restructures: int = 1
    capitalise: bool = False
    approver: Literal["supervisor", "admin"] = "supervisor"
    approval_hours: int = 48


class AgreementRule(Body):
    """Limits of some cases; the first rule that fits a case holds."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    limits: Agreements
    bands: Annotated[
        list[Annotated[str, Field(max_length=20)]],
        Field(default_factory=list, max_length=20, description="Codes; empty = any."),
    ]
    products: Annotated[
        list[Annotated[str, Field(max_length=120)]],
        Field(default_factory=list, max_length=50, description="Of the debts; empty = any."),
    ]
    min_minor: Minor | None = None
    max_minor: Minor | None = None


class PromiseLimits(Body):
    """What a promise may be, and when it is kept; supervisors may go beyond the first three."""

    most_days: int = 15
    broken_before_person: int = 2
    pause_days: int = 3
    most_together: int = 4
    tolerance_days: int = 1
    kept_percent: int = 95
    partial_percent: int = 30


class DisputePolicy(Body):
    """Working days a dispute is to be answered in, and who gets new ones."""

    answer_days: int = 10
    owner: Annotated[str, Field(max_length=80)] = ""


class ChargeOffPolicy(Body):
    """
    Days past due from which the plan proposes to charge a debt off to a second person (null:
    never), and whether interest goes on afterwards.
    """

    after_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    interest_goes_on: bool = False


class RoleLimits(Body):
    """Most a role may post by hand at once; null = no limit, 0 = nothing."""

    agent_payment_minor: Minor | None = 0
    agent_adjustment_minor: Minor | None = 0
    supervisor_adjustment_minor: Minor | None = None


class ContactCap(Body):
    channels: Annotated[list[Channel], Field(min_length=1, max_length=6)]
    most: Annotated[int, Field(ge=1, le=1000)]
    period: Literal["local_day", "iso_week", "rolling_7d"]


class ContactLimits(Body):
    """What is tighter in this portfolio than the law; admins only may change it."""

    closed_days: Annotated[list[Day], Field(default_factory=list, max_length=400)]
    closed_channels: Annotated[list[Channel], Field(default_factory=list, max_length=6)]
    opens_at: Clock = ""
    closes_at: Clock = ""
    caps: Annotated[list[ContactCap], Field(default_factory=list, max_length=20)]
    regime: Annotated[str, Field(max_length=40)] = ""
    authorised_channels: Annotated[list[Channel], Field(default_factory=list, max_length=6)]


class Labels(Body):
    es: Annotated[str, Field(max_length=80)]
    en: Annotated[str, Field(max_length=80)]
    pt: Annotated[str, Field(max_length=80)]


class Disposition(Body):
    """One result that a visit can come to."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    label: Labels
    met: Annotated[
        list[Literal["holder", "codebtor", "family", "neighbour", "employer", "nobody"]],
        Field(min_length=1, max_length=5, description="With whom it can come about."),
    ]
    wants: Annotated[
        list[
            Literal[
                "promise",
                "cash",
                "payment_report",
                "dispute",
                "contacts",
                "address",
                "opt_outs",
                "notice_photo",
                "door_photo",
                "signature",
                "agreement",
                "note",
            ]
        ],
        Field(default_factory=list, max_length=11, description="What the visit must hold then."),
    ]
    needs_cash: bool = False


class FormUse(Body):
    """Where a questionnaire is asked; of several that fit, the one that says most."""

    form_id: Annotated[str, Field(min_length=1, max_length=80)]
    products: Annotated[
        list[Annotated[str, Field(max_length=120)]],
        Field(default_factory=list, max_length=50, description="Debts' products; empty means all."),
    ]
    dispositions: Annotated[
        list[Annotated[str, Field(max_length=40)]],
        Field(
            default_factory=list,
            max_length=60,
            description="Codes; empty means all where somebody was met.",
        ),
    ]


class FieldPolicy(Body):
    """What agents may do at the door. Without dispositions the country's list holds."""

    show_amount: Literal["exact", "band", "none"] = "exact"
    dispositions: Annotated[list[Disposition], Field(default_factory=list, max_length=60)]
    forms: Annotated[list[FormUse], Field(default_factory=list, max_length=50)]
    visit_results_to: Annotated[list[Email], Field(default_factory=list, max_length=10)]


class OfficeDay(Body):
    """When people answer on a day of the week: 1 = Monday to 7 = Sunday; clock times ``HH:MM``."""

    weekday: int
    opens_at: Annotated[str, Field(max_length=5)] = "09:00"
    closes_at: Annotated[str, Field(max_length=5)] = "18:00"


class CostRates(Body):
    """What an hour, a visit, a kilometre and a dollar of messages cost; null is not counted."""

    call_hour_minor: Minor | None = None
    field_hour_minor: Minor | None = None
    visit_minor: Minor | None = None
    km_minor: Minor | None = None
    dollar_minor: Minor | None = None


class CashLimits(Body):
    """``hand_limit_minor``: most cash an agent may hold; null is what is usual there."""

    hand_limit_minor: Minor | None = None


class CommissionRate(Body):
    up_to_days: int | None
    ppm: Ppm


class CommissionTier(Body):
    reached_percent: int
    percent: int


class CommissionRules(Body):
    """What is earned of payments, by how late the debt was; holds from its month on."""

    from_month: Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
    rates: Annotated[list[CommissionRate], Field(min_length=1, max_length=20)]
    tiers: Annotated[list[CommissionTier], Field(default_factory=list, max_length=20)]


class Policies(Body):
    """All optional in a request: what is left out stays as it is, or is the country's default."""

    bands: list[Band] | None = None
    allocation_order: list[Literal["fees", "interest", "principal"]] | None = None
    moratory: Moratory | None = None
    tolerance_minor: Minor | None = None
    geofence_radius_m: int | None = None
    cash_allowed: bool | None = None
    agreements: Agreements | None = None
    agreement_rules: Annotated[list[AgreementRule], Field(max_length=30)] | None = None
    role_limits: RoleLimits | None = None
    charge_off: ChargeOffPolicy | None = None
    retention_years: int | None = None
    contact: ContactLimits | None = None
    promises: PromiseLimits | None = None
    disputes: DisputePolicy | None = None
    office: Annotated[list[OfficeDay], Field(max_length=7)] | None = None
    cash: CashLimits | None = None
    queue: QueuePolicy | None = None
    calls: CallPolicy | None = None
    ranking: bool | None = None
    best_hour: bool | None = None
    costs: CostRates | None = None
    commission: Annotated[list[CommissionRules], Field(max_length=60)] | None = None
    field: FieldPolicy | None = None


class WholePolicies(Answer):
    bands: list[Band]
    allocation_order: list[Literal["fees", "interest", "principal"]]
    moratory: Moratory
    tolerance_minor: Minor
    geofence_radius_m: int
    cash_allowed: bool
    agreements: Agreements
    agreement_rules: list[AgreementRule]
    role_limits: RoleLimits
    charge_off: ChargeOffPolicy
    retention_years: int
    contact: ContactLimits
    promises: PromiseLimits
    disputes: DisputePolicy
    office: list[OfficeDay]
    cash: CashLimits
    queue: QueuePolicy
    calls: CallPolicy
    ranking: bool
    best_hour: bool
    costs: CostRates
    commission: list[CommissionRules]
    field: FieldPolicy
