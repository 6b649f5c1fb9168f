"""The table of contents: every route and trigger the backend answers to."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging import correlation_paths
from chalice.app import Chalice, ConvertToMiddleware

logger = Logger(service="recobro-api")
app = Chalice(app_name="recobro", configure_logs=False)
app.log = logger  # type: ignore[assignment]  # so that Chalice's own 500s are JSON too

app.register_middleware(
    ConvertToMiddleware(
        logger.inject_lambda_context(
            correlation_id_path=correlation_paths.API_GATEWAY_REST, clear_state=True
        )
    )
)


@app.route("/api/v1/health")
def health() -> dict[str, Any]:
    """Say that the API answers."""
    return {"status": "ok"}
