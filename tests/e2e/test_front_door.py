"""One origin for site, API and S3, as CloudFront gives in the cloud."""

import base64
import json
import urllib.error
import urllib.request

import pytest

from infra.edge import content_security_policy
from local.client import Client

pytestmark = pytest.mark.stack

# One grey pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)


def get(url, **headers):
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def test_the_api_answers_under_the_sites_origin(stack):
    status, headers, body = get(f"{stack.url}/api/v1/health")

    assert (status, json.loads(body)["status"]) == (200, "ok")
    assert headers["Cache-Control"] == "no-store"


def test_every_answer_carries_the_strict_policy(stack):
    for path in ("/", "/api/v1/health", "/nowhere", "/_local/"):
        _, headers, _ = get(stack.url + path)
        assert headers["Content-Security-Policy"] == content_security_policy()


def test_a_page_that_the_api_makes_keeps_its_own_policy(stack):
    _, headers, body = get(stack.url + "/api/v1/unsubscribe/no-such-link")

    [policy] = headers.get_all("Content-Security-Policy")
    assert "style-src 'sha256-" in policy
    assert headers.get_all("Referrer-Policy") == ["no-referrer"]
    assert b"<style>" in body


def test_a_part_of_a_file_can_be_asked_for(stack):
    _, _, whole = get(stack.url + "/")
    status, headers, part = get(stack.url + "/", Range="bytes=5-14")

    assert (status, part) == (206, whole[5:15])
    assert headers["Content-Range"] == f"bytes 5-14/{len(whole)}"


def test_a_logo_is_served_as_it_was_put(stack, people):
    """What the API puts into the site's bucket is at the address it answers."""
    client = Client(stack.url)
    client.sign_in(people["supervisor"].email, people["supervisor"].password)
    body = client.get("/portfolio-defaults", country="MX") | {"name": "Logo", "creditor": "Logo"}
    portfolio = client.post("/portfolios", body)
    image = base64.b64encode(PNG).decode()
    put = {"version": portfolio["version"], "image": image}
    saved = client.put(f"/portfolios/{portfolio['portfolio_id']}/logo", put)

    status, headers, served = get(f"{stack.url}/{saved['branding']['logo_key']}")

    assert (status, served, headers["Content-Type"]) == (200, PNG, "image/png")
    assert "immutable" in headers["Cache-Control"]
    assert headers["Content-Security-Policy"] == content_security_policy()
    assert get(f"{stack.url}/media/nobody/logo.png")[0] == 404


def test_nothing_outside_the_site_is_served(stack):
    status, _, _ = get(stack.url + "/..%2f..%2fpyproject.toml")

    assert status == 404


def test_s3_is_not_open_to_who_has_no_signature(stack):
    status, _, _ = get(f"{stack.url}/_s3/{stack.outputs['UploadsBucket']}?list-type=2")

    assert status == 403
