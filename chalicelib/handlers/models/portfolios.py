"""Portfolios, countries and service tokens."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import Instant, Language, Money, Name
from chalicelib.handlers.models.forecast_tests import ForecastPolicy
from chalicelib.handlers.models.policies import Disposition, Policies, WholePolicies

Country = Literal[
    "MX", "CO", "CL", "PE", "AR", "BR", "EC", "PA", "PY", "UY", "BO", "CR", "US", "ES"
]  # fmt: skip
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
TokenUse = Literal["uploads", "slice"]
TimeZone = Annotated[str, Field(min_length=3, max_length=60)]


class Branding(Body):
    display_name: Annotated[str, Field(max_length=80)] | None = None
    colour: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] | None = None
    logo_key: Annotated[str, Field(max_length=200)] | None = None
    contact_line: Annotated[str, Field(max_length=120)] | None = None


class Identification(Body):
    """Who collects and for whom, as the country's law wants messages to say it."""

    creditor: Annotated[str, Field(max_length=160)] | None = None
    creditor_tax_id: Annotated[str, Field(max_length=40)] | None = None
    creditor_address: Annotated[str, Field(max_length=200)] | None = None
    agency: Annotated[str, Field(max_length=160)] | None = None
    registration: Annotated[str, Field(max_length=60)] | None = None
    address: Annotated[str, Field(max_length=200)] | None = None
    phone: Annotated[str, Field(max_length=40)] | None = None
    email: Annotated[str, Field(max_length=120)] | None = None
    complaints: Annotated[str, Field(max_length=200)] | None = None
    payment_means: Annotated[str, Field(max_length=200)] | None = None


class NewPortfolio(Body):
    """What is left out comes from the country's defaults (`GET /portfolio-defaults`)."""

    name: Name
    creditor: Name
    country: Country
    currency: Currency | None = None
    time_zone: TimeZone | None = None
    language: Language | None = None
    branding: Branding | None = None
    identification: Identification | None = None
    policies: Policies | None = None


class ChangePortfolio(Body):
    """Nested objects are merged, lists replaced. The country and currency never change."""

    version: Annotated[int, Field(ge=1, description="The version the changes were made on.")]
    name: Name | None = None
    creditor: Name | None = None
    time_zone: TimeZone | None = None
    language: Language | None = None
    branding: Branding | None = None
    identification: Identification | None = None
    policies: Policies | None = None
    archived: bool | None = None


class NewLogo(Body):
    version: Annotated[int, Field(ge=1)]
    image: Annotated[str, Field(min_length=4, max_length=180_000, description="Base64.")]


class Dispositions(Answer):
    """The results that a visit can come to; ``own`` when the portfolio has its own list."""

    items: list[Disposition]
    own: bool
    defaults: list[Disposition]


class NewToken(Body):
    """
    ``use``: it uploads, or takes the portfolio's own files of the lake (``slice``), nothing else.

    ``lasts_days``: one that takes files has an end; without it a token works until it is revoked.
    """

    name: Name
    use: TokenUse = "uploads"
    lasts_days: Annotated[int, Field(ge=1, le=366)] | None = None


class WholeBranding(Answer):
    display_name: str
    colour: str
    logo_key: str | None
    contact_line: str


class WholeIdentification(Answer):
    creditor: str
    creditor_tax_id: str
    creditor_address: str
    agency: str
    registration: str
    address: str
    phone: str
    email: str
    complaints: str
    payment_means: str


class PortfolioDraft(Answer):
    name: str
    creditor: str
    country: Country
    currency: Currency
    time_zone: str
    language: Language
    branding: WholeBranding
    identification: WholeIdentification
    policies: WholePolicies


class Portfolio(PortfolioDraft):
    portfolio_id: str
    created_at: Instant
    updated_at: Instant
    version: int
    archived: bool
    forecast: ForecastPolicy


class SmallKpis(Answer):
    cases: int
    balance: Money
    overdue: Money


class PortfolioItem(Portfolio):
    kpis: SmallKpis | None


class PortfolioList(Answer):
    items: list[PortfolioItem]
    cursor: str | None


class CountryItem(Answer):
    code: Country
    currency: Currency
    currencies: list[Currency]
    time_zones: list[str]
    default_time_zone: str
    languages: list[Language]
    tax_ids: list[str]


class Countries(Answer):
    items: list[CountryItem]


class Token(Answer):
    """``works``: ``until`` is not over; a revoked one stands in no list."""

    token_id: str
    name: str
    use: TokenUse
    until: Instant | None
    created_at: Instant
    last_used_at: Instant | None
    works: bool


class TokenList(Answer):
    items: list[Token]
    cursor: str | None


class TokenOnce(Token):
    """``token`` is shown this once; only its hash is kept."""

    token: str
