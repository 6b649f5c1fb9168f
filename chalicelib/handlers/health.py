"""Whether the API answers, and what it offers."""

from chalice.app import Blueprint

from chalicelib.handlers import web

bp = Blueprint(__name__)


@web.route(bp, "GET /health", answer="common:Health", public=True)
def health(_call: web.Call) -> dict[str, str]:
    """Say that the API answers."""
    return {"status": "ok"}
