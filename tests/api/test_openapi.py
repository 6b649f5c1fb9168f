"""The published document is what the routes do."""

import json
import re
from pathlib import Path

import app as application
from chalicelib.handlers import openapi, web

PUBLISHED = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"
METHODS = {"get", "post", "put", "patch", "delete"}


def operations(document):
    return {
        (path, method): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }


def test_the_published_document_is_in_step():
    """When this fails: python -m scripts.openapi, and read the difference."""
    now = json.loads(json.dumps(openapi.document()))

    assert json.loads(PUBLISHED.read_text()) == now


def test_every_route_of_the_app_is_described():
    served = {
        (path.removeprefix(openapi.SERVER), method.lower())
        for path, methods in application.app.routes.items()
        for method in methods
        if path.startswith(openapi.SERVER)  # the debtor's pages are no API
    }

    assert served == set(operations(openapi.document()))


def test_references_lead_somewhere_and_names_are_unique():
    document = openapi.document()
    refs = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))

    assert refs <= set(document["components"]["schemas"])
    names = [operation["operationId"] for operation in operations(document).values()]
    assert len(names) == len(set(names))
    assert all(operation["summary"] for operation in operations(document).values())


def test_only_the_routes_that_must_be_are_open_to_anybody():
    """Signing in comes before having a token; nothing else does."""
    public = {(method, path) for (path, method), r in web.ROUTES.items() if r.operation.public}

    assert public == {
        ("GET", "/health"),
        ("GET", "/openapi.json"),
        ("POST", "/shared-reports"),  # who holds the link has no account
        ("POST", "/session"),
        ("POST", "/session/challenge"),
        ("POST", "/session/refresh"),
        ("DELETE", "/session"),
        ("GET", "/credentials/{code}"),
        ("GET", "/documents/{code}"),
        ("GET", "/cash/receipts/{token}"),
        # Providers of payments sign what they send.
        ("POST", "/webhooks/payments/{provider}/{portfolio_id}"),
        ("GET", "/visit-photos/{token}"),
        ("GET", "/unsubscribe/{token}"),
        ("POST", "/unsubscribe/{token}"),
        ("POST", "/password/forgotten"),
        ("POST", "/password/reset"),
        # Tracking apps know no sign-in; their own token is asked for in the body of the matter.
        ("GET", "/tracking/{client}"),
        ("POST", "/tracking/{client}"),
    }
    for methods in application.app.routes.values():
        for method, entry in methods.items():
            open_to_all = entry.authorizer is None
            assert open_to_all == entry.view_function.operation.public, method


def test_it_is_served(api):
    assert api("GET /openapi.json").body == json.loads(PUBLISHED.read_text())
