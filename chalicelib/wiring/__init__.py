"""
Where real stores meet the code that needs them. The only package that knows both.

One module per concern; everybody else says ``wiring.cases()``, so what a module offers is named
here. Stores are imported ``lazily``: importing this package runs none of them (ADR 0014).
"""

from chalicelib.wiring.approving import approval_means, corrections
from chalicelib.wiring.bulk import bulk_means
from chalicelib.wiring.casework import (
    allowances,
    bids,
    call_back_of,
    call_history,
    call_means,
    call_turns,
    cases,
    cash,
    counters,
    dry_runs,
    enrolments,
    exports,
    forecast_tests,
    forms,
    good_hours,
    good_hours_kept,
    merges,
    model_in_service,
    offer_of,
    portfolios,
    repeats,
    saved_views,
    served_models,
    strategies,
    templates,
    texts,
    uploads,
    usual_balance,
)
from chalicelib.wiring.clients import aws, now, wire
from chalicelib.wiring.contacting import (
    Sender,
    coding,
    conversations,
    conversing,
    debtor_access_store,
    debtor_url,
    dialer,
    dispatching,
    door,
    hours_of,
    link_key,
    one_time_codes_kept,
    sender,
    unsubscribe_url,
)
from chalicelib.wiring.field import (
    credentials,
    devices,
    field,
    questionnaires,
    telling_results,
    turns,
)
from chalicelib.wiring.figures import (
    figures,
    home_reports,
    lake_runs,
    report_mail_means,
    report_schedules,
    report_stops,
    saved_reports,
    shared_report_means,
    shared_reports,
)
from chalicelib.wiring.files import (
    evidence_files,
    export_files,
    issuing,
    lake_files,
    media,
    scans,
    upload_files,
    whatsapp_media,
)
from chalicelib.wiring.money import receiving, unmatched_payments
from chalicelib.wiring.payments import (
    notify_url,
    offered,
    pay_to,
    paying,
    payment_accounts,
    payment_keys,
    payment_means,
    payment_methods,
    payment_provider,
    payment_references,
)
from chalicelib.wiring.people import (
    access_log,
    access_tokens,
    actor_names,
    identity,
    notice_boxes,
    people,
    tokens,
)
from chalicelib.wiring.planning import field_store, planning, routing, team_plans
from chalicelib.wiring.queues import (
    channel_events,
    dead_letters,
    export_jobs,
    lake_jobs,
    messages,
    payment_events,
    plan_jobs,
    route_plan_jobs,
    upload_chunks,
    upload_steps,
)
from chalicelib.wiring.reading import geocoder, read_phone
from chalicelib.wiring.reconciling import reconciling, take_payment
from chalicelib.wiring.rights import (
    data_request_means,
    data_requests,
    erasing,
    erasure_working,
)
from chalicelib.wiring.suppressing import suppressed, suppression_means
from chalicelib.wiring.tracking import alarm_means, board_means, trackers, tracking, trails
