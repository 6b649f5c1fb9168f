"""Whether the API answers, and what it offers."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.handlers import web

bp = Blueprint(__name__)


@web.route(bp, "GET /health", answer="common:Health", public=True)
def health(_call: web.Call) -> dict[str, str]:
    """Say that the API answers."""
    return {"status": "ok"}


@web.route(bp, "GET /openapi.json", answer="common:OpenApi", public=True)
def openapi(_call: web.Call) -> dict[str, Any]:
    """Describe the whole API: the OpenAPI 3.1 document."""
    from chalicelib.handlers import openapi

    return openapi.document()
