"""The table of contents: every route and trigger the backend answers to."""

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging import correlation_paths
from chalice.app import AuthRequest, AuthResponse, Chalice, ConvertToMiddleware

from chalicelib.handlers import auth, health, people, portfolios, sessions, web

logger = Logger(service="recobro-api")
app = Chalice(app_name="recobro", configure_logs=False)
app.log = logger  # type: ignore[assignment]  # so that Chalice's own 500s are JSON too
web.log = logger  # type: ignore[assignment]

app.register_middleware(
    ConvertToMiddleware(
        logger.inject_lambda_context(
            correlation_id_path=correlation_paths.API_GATEWAY_REST, clear_state=True
        )
    )
)

for blueprint in (health.bp, sessions.bp, people.bp, portfolios.bp):
    app.register_blueprint(blueprint, url_prefix="/api/v1")


@app.authorizer(ttl_seconds=60)
def authorise(request: AuthRequest) -> AuthResponse:
    return auth.authorise(request)


web.protect(app, authorise)
