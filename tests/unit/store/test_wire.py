"""The thin client: signed like botocore's, patient like boto3, careful with what it repeats."""

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotoCredentials

from chalicelib.store import wire as module
from chalicelib.store.wire import Credentials, TransactionCancelled, Wire, WireError

OK = (200, {})
ERRORS = "com.amazonaws.dynamodb.v20120810#"


class Service:
    """A service that answers what it is told to, in turn, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, object]] = []
        self.asked: list[dict] = []
        self.headers: list[dict[str, str]] = []
        self.waits: list[float] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                service.asked.append(json.loads(body))
                service.headers.append(dict(self.headers))
                status, answer = service.answers.pop(0)
                if status == 0:  # the line goes dead
                    self.close_connection = True
                    return
                raw = json.dumps(answer).encode() if not isinstance(answer, bytes) else answer
                self.send_response(status)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_):
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        Thread(target=self._http.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def wire(self, token: str | None = "session", **options: Callable) -> Wire:
        return Wire(
            endpoint=self.url,
            region="us-east-1",
            credentials=lambda: Credentials("AKID", "secret", token),
            pool=1,
            sleep=self.waits.append,
            chance=lambda: 1.0,
            **options,
        )

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


@pytest.fixture
def service():
    service = Service()
    yield service
    service.close()


def refusal(code: str, status: int = 400, **more) -> tuple[int, dict]:
    return status, {"__type": ERRORS + code, **more}


def cancelled(*codes: str, **items) -> tuple[int, dict]:
    reasons = [{"Code": code} | ({"Item": items[code]} if code in items else {}) for code in codes]
    return refusal("TransactionCanceledException", CancellationReasons=reasons)


@pytest.mark.parametrize("token", ["session", None])
def test_the_signature_is_botocores(service, token):
    service.answers = [OK]
    service.wire(token).call("Query", {"TableName": "ñ"})
    sent = service.headers[0]

    data = json.dumps({"TableName": "ñ"}, ensure_ascii=False, separators=(",", ":")).encode()
    names = {name.lower(): value for name, value in sent.items()}
    request = AWSRequest("POST", service.url + "/", data=data)
    request.headers["Content-Type"] = names["content-type"]
    request.headers["X-Amz-Target"] = names["x-amz-target"]
    if token:
        request.headers["X-Amz-Security-Token"] = names["x-amz-security-token"]
    request.headers["X-Amz-Date"] = names["x-amz-date"]
    request.context["timestamp"] = names["x-amz-date"]
    auth = SigV4Auth(BotoCredentials("AKID", "secret", token), "dynamodb", "us-east-1")
    canonical = auth.canonical_request(request)
    expected = auth.signature(auth.string_to_sign(request, canonical), request)

    assert names["authorization"].endswith(f"Signature={expected}")
    assert (
        f"SignedHeaders={auth.signed_headers(auth.headers_to_sign(request))}"
        in sent["Authorization"]
    )


@pytest.mark.parametrize(
    "trouble",
    [
        refusal("ThrottlingException"),
        refusal("ProvisionedThroughputExceededException"),
        refusal("RequestLimitExceeded"),
        refusal("InternalServerError", 500),
        (503, b"<html>"),
        (0, None),
        cancelled("None", "TransactionConflict"),
        cancelled("ThrottlingError", "TransactionConflict"),
    ],
)
def test_passing_trouble_is_waited_out(service, trouble):
    service.answers = [trouble, trouble, (200, {"Items": []})]

    assert service.wire().call("Query", {}) == {"Items": []}
    assert service.waits == [0.05, 0.1]


@pytest.mark.parametrize(
    "trouble",
    [
        refusal("ValidationException"),
        refusal("AccessDeniedException"),
        refusal("ResourceNotFoundException"),
        cancelled("None", "ConditionalCheckFailed"),
        cancelled("TransactionConflict", "ConditionalCheckFailed"),
    ],
)
def test_what_will_not_pass_is_refused_at_once(service, trouble):
    service.answers = [trouble]

    with pytest.raises(WireError):
        service.wire().call("Query", {})
    assert service.waits == []


def test_patience_ends_and_waits_are_capped(service):
    service.answers = [refusal("ThrottlingException")] * 12

    with pytest.raises(WireError) as refused:
        service.wire(attempts=12).call("Query", {})

    assert refused.value.code == "ThrottlingException"
    assert service.waits[:3] == [0.05, 0.1, 0.2]
    assert max(service.waits) == module.LONGEST_DELAY_S
    assert len(service.waits) == 11


def test_an_error_tells_its_code_and_nothing_of_the_request(service):
    service.answers = [refusal("ValidationException", message="value María is not valid")]

    with pytest.raises(WireError) as refused:
        service.wire().call("Query", {})

    assert str(refused.value) == "ValidationException (400)"


def test_a_cancelled_transaction_gives_a_reason_for_each_operation(service):
    old = {"case_id": {"S": "cas_1"}}
    service.answers = [cancelled("None", "ConditionalCheckFailed", ConditionalCheckFailed=old)]

    with pytest.raises(TransactionCancelled) as refused:
        service.wire().transact([{}, {}])

    assert refused.value.reasons == [(None, None), ("ConditionalCheckFailed", old)]


def test_a_repeated_transaction_keeps_its_token_and_a_new_one_has_its_own(service):
    service.answers = [(0, None), OK, OK]
    wire = service.wire()

    wire.transact([{}])
    wire.transact([{}])

    first, again, other = (body["ClientRequestToken"] for body in service.asked)
    assert first == again != other


def test_keys_that_were_not_read_are_asked_for_again(service):
    keys = [{"pk": {"S": str(n)}, "sk": {"S": "x"}} for n in range(3)]
    left = {"t": {"Keys": keys[1:]}}
    service.answers = [
        (200, {"Responses": {"t": keys[:1]}, "UnprocessedKeys": left}),
        (200, {"Responses": {}, "UnprocessedKeys": left}),
        (200, {"Responses": {"t": keys[1:]}, "UnprocessedKeys": {}}),
    ]

    found = service.wire().get_many("t", [("0", "x"), ("1", "x"), ("2", "x"), ("0", "x")])

    assert found == keys
    assert [len(body["RequestItems"]["t"]["Keys"]) for body in service.asked] == [3, 2, 2]
    assert service.waits == [0.05]  # only after an answer without anything


def test_more_keys_than_a_request_takes_are_cut(service):
    service.answers = [(200, {"Responses": {"t": []}})] * 3

    service.wire().get_many("t", ((str(n), "x") for n in range(201)))

    assert [len(body["RequestItems"]["t"]["Keys"]) for body in service.asked] == [100, 100, 1]


def test_items_that_were_not_written_are_sent_again_until_patience_ends(service):
    items = [{"pk": {"S": str(n)}} for n in range(2)]
    left = {"t": [{"PutRequest": {"Item": items[1]}}]}
    service.answers = [(200, {"UnprocessedItems": left}), (200, {})]
    service.wire().put_many("t", items)
    assert service.asked[1]["RequestItems"] == left

    service.answers = [(200, {"UnprocessedItems": left})] * 4
    with pytest.raises(WireError):
        service.wire(attempts=4).put_many("t", items)


def test_a_query_reads_on_only_as_far_as_it_is_consumed(service):
    service.answers = [
        (200, {"Items": [{"n": 1}], "LastEvaluatedKey": {"pk": "k"}}),
        (200, {"Items": [{"n": 2}]}),
    ]
    items = service.wire().query({"TableName": "t"})

    assert next(items) == {"n": 1}
    assert len(service.asked) == 1
    assert list(items) == [{"n": 2}]
    assert service.asked[1]["ExclusiveStartKey"] == {"pk": "k"}


def test_the_environment_says_where_and_who(monkeypatch):
    monkeypatch.setenv("AWS_REGION", "sa-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "A")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "B")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "C")
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB"):
        monkeypatch.delenv(name, raising=False)

    def where():
        wire = module.from_environment()
        return wire._lines.host, wire._credentials()

    assert where() == ("dynamodb.sa-east-1.amazonaws.com", ("A", "B", "C"))
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    assert where()[0] == "127.0.0.1:4566"
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:8001")
    assert where()[0] == "127.0.0.1:8001"
