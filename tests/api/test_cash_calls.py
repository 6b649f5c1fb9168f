"""A call about a receipt that is noted again with one key is noted once."""

from chalicelib.services import cash_words

SAID = {"key": "AAAAAAAA-000001", "outcome": "confirms"}


def test_a_call_that_is_sent_again_is_noted_once(api, admin, monkeypatch):
    noted = []
    monkeypatch.setattr(cash_words, "note_call", lambda key, *_, **__: noted.append(key))
    for _ in range(2):
        sent = api("POST /cash/receipts", SAID, token=admin, idempotency_key="c-0000001")
        assert sent.status == 204
    assert noted == ["AAAAAAAA-000001"]

    other = SAID | {"words": "Dice que sí"}
    again = api("POST /cash/receipts", other, token=admin, idempotency_key="c-0000001")
    assert (again.status, again.code) == (422, "request.key_reused")
    assert noted == ["AAAAAAAA-000001"]


def test_a_call_that_was_refused_may_be_sent_again_with_its_key(api, admin):
    for _ in range(2):
        sent = api("POST /cash/receipts", SAID, token=admin, idempotency_key="c-0000001")
        assert (sent.status, sent.code) == (404, "receipt.not_found")
