import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest

from chalicelib.webhooks import signatures, vectors
from tests.shared import SHARED, needs_shared

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def signed(message: bytes, secret: str = "hush") -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


@needs_shared
def test_every_recorded_vector_gets_the_stated_verdict():
    lines = (SHARED / "data/webhooks/signature_vectors.jsonl").read_text(encoding="utf-8")
    recorded = [json.loads(line) for line in lines.splitlines()]
    wrong = [v["id"] for v in recorded if vectors.judge(v).valid != vectors.expects_valid(v)]

    assert recorded
    assert wrong == []


def test_stripe_covers_the_bytes_as_they_came():
    stamp = str(int(NOW.timestamp()))
    body = b'{"amount": 100 }'
    header = {"stripe-signature": f"t={stamp},v1={signed(stamp.encode() + b'.' + body)}"}

    assert signatures.stripe(body, header, secret="hush", now=NOW).valid
    respaced = signatures.stripe(b'{"amount":100}', header, secret="hush", now=NOW)
    assert respaced.reason == "mismatch"


@pytest.mark.parametrize(("age_s", "reason"), [(300, "ok"), (301, "outside_tolerance")])
def test_stripe_refuses_what_is_replayed_late(age_s, reason):
    stamp = str(int(NOW.timestamp()) - age_s)
    header = {"Stripe-Signature": f"t={stamp},v1={signed(stamp.encode() + b'.{}')}"}

    assert signatures.stripe(b"{}", header, secret="hush", now=NOW).reason == reason


def test_mercado_pago_signs_the_id_in_lower_case():
    stamp = str(int(NOW.timestamp() * 1000))
    manifest = f"id:ord01abc;request-id:r-1;ts:{stamp};"
    headers = {"x-signature": f"ts={stamp},v1={signed(manifest.encode())}", "x-request-id": "r-1"}

    checked = signatures.mercado_pago({"data.id": "ORD01ABC"}, headers, secret="hush", now=NOW)

    assert checked.valid


@pytest.mark.parametrize("header", [None, "", "sha1=00", "sha256=", "sha256=00", "sha256=ñ"])
def test_meta_refuses_what_is_not_its_signature(header):
    assert not signatures.meta(b"{}", {"X-Hub-Signature-256": header}, secret="hush").valid
