"""The table of contents: every route and trigger the backend answers to."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging import correlation_paths
from chalice.app import (
    AuthRequest,
    AuthResponse,
    Chalice,
    CloudWatchEvent,
    ConvertToMiddleware,
    Cron,
    Rate,
    SQSEvent,
)

from chalicelib.handlers import (
    access_log,
    agreements,
    alarms,
    approvals,
    auth,
    bank_files,
    boards,
    bulk,
    call_queue,
    calls,
    cases,
    cash,
    contact,
    conversations,
    credentials,
    creditor_papers,
    data_requests,
    debtor_links,
    debtor_web,
    disputes,
    documents,
    exports,
    field_days,
    field_planning,
    figures,
    forecast_tests,
    forms,
    health,
    jobs,
    kpis,
    merges,
    messages,
    notices,
    payment_accounts,
    payment_events,
    payments,
    people,
    plan_jobs,
    portfolios,
    report_schedules,
    saved_reports,
    saved_views,
    sessions,
    shared_reports,
    strategies,
    suppressions,
    tasks,
    templates,
    trackers,
    tracking,
    uploads,
    visit_review,
    visits,
    web,
)

logger = Logger(service="recobro-api")
app = Chalice(app_name="recobro", configure_logs=False)
app.log = logger  # type: ignore[assignment]  # so that Chalice's own 500s are JSON too
web.log = logger  # type: ignore[assignment]
jobs.log = logger  # type: ignore[assignment]
notices.log = logger  # type: ignore[assignment]
alarms.log = logger  # type: ignore[assignment]
debtor_web.log = logger  # type: ignore[assignment]

app.register_middleware(
    ConvertToMiddleware(
        logger.inject_lambda_context(
            correlation_id_path=correlation_paths.API_GATEWAY_REST, clear_state=True
        )
    )
)

for blueprint in (
    health.bp,
    saved_views.bp,
    sessions.bp,
    people.bp,
    access_log.bp,
    portfolios.bp,
    payment_accounts.bp,
    bank_files.bp,
    payment_events.bp,
    payments.bp,
    kpis.bp,
    figures.bp,
    saved_reports.bp,
    report_schedules.bp,
    shared_reports.bp,
    cases.bp,
    cash.bp,
    contact.bp,
    conversations.bp,
    messages.bp,
    uploads.bp,
    merges.bp,
    exports.bp,
    bulk.bp,
    field_days.bp,
    field_planning.bp,
    templates.bp,
    forecast_tests.bp,
    forms.bp,
    strategies.bp,
    tasks.bp,
    visits.bp,
    tracking.bp,
    alarms.bp,
    visit_review.bp,
    disputes.bp,
    call_queue.bp,
    calls.bp,
    boards.bp,
    agreements.bp,
    approvals.bp,
    data_requests.bp,
    suppressions.bp,
    credentials.bp,
    debtor_links.bp,
    documents.bp,
    creditor_papers.bp,
    trackers.bp,
):
    app.register_blueprint(blueprint, url_prefix="/api/v1")
app.register_blueprint(debtor_web.bp)  # pages for debtors, not the API


@app.authorizer(ttl_seconds=60)
def authorise(request: AuthRequest) -> AuthResponse:
    return auth.authorise(request)


web.protect(app, authorise)


@app.on_cw_event(
    {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"object": {"key": [{"prefix": "in/"}]}},
    }
)
def read_upload(event: CloudWatchEvent) -> None:
    jobs.read_upload(event)


@app.on_cw_event(
    {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"object": {"key": [{"prefix": "visits/"}]}},
    }
)
def note_evidence(event: CloudWatchEvent) -> None:
    jobs.note_evidence(event)


@app.on_cw_event(
    {
        "source": ["aws.guardduty"],
        "detail-type": ["GuardDuty Malware Protection Object Scan Result"],
    }
)
def note_scan(event: CloudWatchEvent) -> None:
    jobs.note_scan(event)


@app.on_sqs_message(queue="${AWS::StackName}-upload-steps", batch_size=1)
def step_upload(event: SQSEvent) -> dict[str, Any]:
    return jobs.step_upload(event)


@app.on_sqs_message(queue="${AWS::StackName}-upload-chunks", batch_size=1)
def load_chunk(event: SQSEvent) -> dict[str, Any]:
    return jobs.load_chunk(event)


@app.on_sqs_message(queue="${AWS::StackName}-channel-events", batch_size=10)
def hear_providers(event: SQSEvent) -> dict[str, Any]:
    return notices.hear(event)


@app.on_sqs_message(queue="${AWS::StackName}-payment-events", batch_size=5)
def post_payments(event: SQSEvent) -> dict[str, Any]:
    return payment_events.post(event)


@app.schedule(Cron("30", "10", "*", "*", "?", "*"))
def reconcile(_: CloudWatchEvent) -> None:
    bank_files.reconcile()


@app.schedule(Rate(15, unit=Rate.MINUTES))
def start_plan(_: CloudWatchEvent) -> None:
    plan_jobs.start()


@app.on_sqs_message(queue="${AWS::StackName}-plan", batch_size=1)
def plan(event: SQSEvent) -> dict[str, Any]:
    return plan_jobs.work(event)


@app.schedule(Rate(1, unit=Rate.MINUTES))
def collect_messages(event: CloudWatchEvent) -> None:
    jobs.collect_messages(event)


@app.on_sqs_message(queue="${AWS::StackName}-messages", batch_size=5)
def send_message(event: SQSEvent) -> dict[str, Any]:
    return jobs.send_message(event)


@app.on_sqs_message(queue="${AWS::StackName}-exports", batch_size=1)
def write_export(event: SQSEvent) -> dict[str, Any]:
    return jobs.write_export(event)
