"""Settings, read from the environment once and on first use."""

import functools
import json
import os
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """
    What the stack tells its functions; ``infra/parts/parameters.yaml`` sets each.

    Args:
        stage: ``local``, ``dev``, ``prod``.
        site_url: What people type, without a slash at the end; for links in messages.
        public_s3_url: The laptop's base of presigned URLs; None in the cloud, where
            the bucket's own address is used.
        region: Where the stack is.
        site_bucket: The public site's; logos live under ``media/`` in it.
        geocoder: ``amazon`` looks up addresses without a point (paid per look-up); ``off``.
        streets: ``amazon`` plans routes by road (paid per pair of places); ``off``: straight lines.
        cognito_url: An emulator's address, which serves the pool's keys; None in the cloud.
        admin_totp_required: Whether an admin without a second factor must set one up.
        mail_from: Address that messages to debtors come from; an SES identity.
        sms_senders, voice_senders, whatsapp_numbers: Identity to send with, by country (``*`` for
            others); empty = the channel is not connected (docs/channels.md).
        send_rates: Messages (parts of SMS) a second that providers take, by channel.
        link_key_secret: The secret that signs links in messages.
        suppression_key_secret: The secret that hashes what was erased at a person's request.
        payment_keys: Begins the names of the secrets that hold keys of providers of payments.
        payment_keys_key: What encrypts them, an ARN.
        payment_sandbox: The laptop's provider of payments; empty in the cloud.
        lake_bucket: Where the lake is (docs/lake.md).
        lake_queue_url: Where exports to it are asked for.
        route_plans_queue_url: Where better plans for teams' days are asked for.
        figures_function: Answers questions to it; empty where nothing does.
        connect_instance, connect_flow, connect_number: Amazon Connect, which rings for people's
            calls; no flow: they dial by themselves.
        malware_scan: ``guardduty`` or, on the laptop, ``stand_in`` look at what comes from outside;
            ``off``.
        trail_days: How long where agents were is kept.
        mail_events, sms_events: Configuration sets that make a provider tell what became of it.
    """

    stage: str
    cases_table: str
    work_table: str
    tracking_table: str
    idempotency_table: str
    uploads_bucket: str
    evidence_bucket: str
    exports_bucket: str
    upload_steps_queue_url: str
    upload_chunks_queue_url: str
    exports_queue_url: str
    plan_queue_url: str
    channel_events_queue_url: str
    user_pool_id: str
    user_pool_client_id: str
    site_url: str
    public_s3_url: str | None
    admin_totp_required: bool
    region: str
    site_bucket: str
    cognito_url: str | None
    geocoder: str = "off"
    streets: str = "off"
    malware_scan: str = "off"
    mail_from: str = ""
    mail_events: str = ""
    sms_events: str = ""
    sms_senders: dict[str, str] = field(default_factory=dict)
    voice_senders: dict[str, str] = field(default_factory=dict)
    whatsapp_numbers: dict[str, str] = field(default_factory=dict)
    send_rates: dict[str, float] = field(default_factory=dict)
    payment_events_queue_url: str = ""
    messages_queue_url: str = ""
    link_key_secret: str = ""
    suppression_key_secret: str = ""
    trail_days: int = 90
    payment_keys: str = "payments/"
    payment_keys_key: str = ""
    payment_sandbox: str = ""
    lake_bucket: str = ""
    lake_queue_url: str = ""
    route_plans_queue_url: str = ""
    figures_function: str = ""
    connect_instance: str = ""
    connect_flow: str = ""
    connect_number: str = ""

    @property
    def totp_required_roles(self) -> frozenset[str]:
        """Roles that may not work without a second factor."""
        return frozenset({"admin"}) if self.admin_totp_required else frozenset()

    @property
    def token_issuer(self) -> str:
        """What Cognito's tokens name as their issuer, emulated or not."""
        return f"https://cognito-idp.{self.region}.amazonaws.com/{self.user_pool_id}"

    @property
    def jwks_url(self) -> str:
        """Where the pool's public keys are."""
        base = f"{self.cognito_url}/{self.user_pool_id}" if self.cognito_url else self.token_issuer
        return f"{base}/.well-known/jwks.json"

    @property
    def secure_cookies(self) -> bool:
        """Whether the site is reached by HTTPS; a laptop's is not."""
        return not self.site_url.startswith("http://")


@functools.cache
def settings() -> Settings:
    """
    Read the environment.

    Never call this at import time: ``chalice package`` imports ``app.py`` on a
    build machine where none of these variables exist.

    Raises:
        KeyError: A variable is missing. Better a loud first request than a
            quiet default table.
    """
    env = os.environ
    return Settings(
        stage=env["STAGE"],
        cases_table=env["CASES_TABLE"],
        work_table=env["WORK_TABLE"],
        tracking_table=env["TRACKING_TABLE"],
        idempotency_table=env["IDEMPOTENCY_TABLE"],
        uploads_bucket=env["UPLOADS_BUCKET"],
        evidence_bucket=env["EVIDENCE_BUCKET"],
        exports_bucket=env["EXPORTS_BUCKET"],
        upload_steps_queue_url=env["UPLOAD_STEPS_QUEUE_URL"],
        upload_chunks_queue_url=env["UPLOAD_CHUNKS_QUEUE_URL"],
        exports_queue_url=env["EXPORTS_QUEUE_URL"],
        plan_queue_url=env["PLAN_QUEUE_URL"],
        channel_events_queue_url=env["CHANNEL_EVENTS_QUEUE_URL"],
        user_pool_id=env["USER_POOL_ID"],
        user_pool_client_id=env["USER_POOL_CLIENT_ID"],
        site_url=env.get("SITE_URL", "").rstrip("/"),
        public_s3_url=env.get("PUBLIC_S3_URL") or None,
        admin_totp_required=env.get("ADMIN_TOTP", "required") == "required",
        region=env.get("AWS_REGION") or env["AWS_DEFAULT_REGION"],
        site_bucket=env["SITE_BUCKET"],
        cognito_url=_emulated("COGNITO_IDENTITY_PROVIDER"),
        geocoder=env.get("GEOCODER", "off"),
        streets=env.get("STREETS", "off"),
        malware_scan=env.get("MALWARE_SCAN", "off"),
        mail_from=env.get("MESSAGES_FROM", ""),
        mail_events=env.get("MAIL_EVENTS", ""),
        sms_events=env.get("SMS_EVENTS", ""),
        sms_senders=json.loads(env.get("SMS_SENDERS") or "{}"),
        voice_senders=json.loads(env.get("VOICE_SENDERS") or "{}"),
        whatsapp_numbers=json.loads(env.get("WHATSAPP_NUMBERS") or "{}"),
        send_rates=json.loads(env.get("SEND_RATES") or "{}"),
        payment_events_queue_url=env.get("PAYMENT_EVENTS_QUEUE_URL", ""),
        messages_queue_url=env.get("MESSAGES_QUEUE_URL", ""),
        link_key_secret=env.get("LINK_KEY_SECRET", ""),
        suppression_key_secret=env.get("SUPPRESSION_KEY_SECRET", ""),
        trail_days=int(env.get("TRAIL_DAYS") or 90),
        payment_keys=env.get("PAYMENT_KEYS", "payments/"),
        payment_keys_key=env.get("PAYMENT_KEYS_KEY", ""),
        payment_sandbox=env.get("PAYMENT_SANDBOX", ""),
        lake_bucket=env.get("LAKE_BUCKET", ""),
        lake_queue_url=env.get("LAKE_QUEUE_URL", ""),
        route_plans_queue_url=env.get("ROUTE_PLANS_QUEUE_URL", ""),
        figures_function=env.get("FIGURES_FUNCTION", ""),
        connect_instance=env.get("CONNECT_INSTANCE", ""),
        connect_flow=env.get("CONNECT_FLOW", ""),
        connect_number=env.get("CONNECT_NUMBER", ""),
    )


def _emulated(service: str) -> str | None:
    """Give the address that botocore, too, is told to use instead of AWS's own."""
    env = os.environ
    url = env.get(f"AWS_ENDPOINT_URL_{service}") or env.get("AWS_ENDPOINT_URL")
    return url.rstrip("/") if url else None
