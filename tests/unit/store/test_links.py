"""Links to private objects, as browsers get them."""

from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

from chalicelib.store.files import BucketFiles
from chalicelib.wiring import clients


def test_links_are_signed_as_s3_wants_it_for_objects_under_a_kms_key(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setattr(clients, "settings", lambda: SimpleNamespace(region="us-east-1"))
    files = BucketFiles(
        clients.aws.__wrapped__("s3"), "uploads", public_url="https://site.example/_s3"
    )

    url = urlsplit(files.link("rejects/1/a b.csv", filename="año.csv", expires_s=60))

    query = parse_qs(url.query)
    assert url.path == "/_s3/uploads/rejects/1/a%20b.csv"
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-Expires"] == ["60"]
    assert query["response-content-disposition"] == ["attachment; filename*=UTF-8''a%C3%B1o.csv"]
