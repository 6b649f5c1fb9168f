"""Messages that fail come again soon, later each time, and never later than they would anyway."""

import boto3
import pytest
from moto import mock_aws

from chalicelib.store.queues import LONGEST_WAIT_S, SqsQueue, each


class Client:
    def __init__(self):
        self.asked = []

    def change_message_visibility(self, **asked):
        self.asked.append(asked)


@pytest.mark.parametrize(
    ("tries", "wait"), [(1, 10), (2, 30), (3, 90), (4, 270), (5, LONGEST_WAIT_S), (9, 360)]
)
def test_the_wait_grows(tries, wait):
    client = Client()
    SqsQueue(client, "https://queue").hand_back("receipt", tries=tries)
    (asked,) = client.asked
    assert asked == {
        "QueueUrl": "https://queue",
        "ReceiptHandle": "receipt",
        "VisibilityTimeout": wait,
    }


@mock_aws
def test_sqs_takes_it(monkeypatch):
    sqs = boto3.client("sqs", region_name="us-east-1")
    url = sqs.create_queue(QueueName="q", Attributes={"VisibilityTimeout": "360"})["QueueUrl"]
    queue = SqsQueue(sqs, url)
    queue.send([{"unit": 1}])
    monkeypatch.setattr("chalicelib.store.queues.FIRST_WAIT_S", 0)

    (first,) = sqs.receive_message(QueueUrl=url)["Messages"]
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    queue.hand_back(first["ReceiptHandle"], tries=1)

    (again,) = sqs.receive_message(QueueUrl=url)["Messages"]
    assert again["MessageId"] == first["MessageId"]


@mock_aws
def test_what_is_sent_for_later_is_not_there_before():
    sqs = boto3.client("sqs", region_name="us-east-1")
    url = sqs.create_queue(QueueName="later")["QueueUrl"]
    queue = SqsQueue(sqs, url)

    queue.send_later({"turn": 1}, wait_s=900)
    queue.send([{"turn": 2}])

    got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert [message["Body"] for message in got] == ['{"turn": 2}']


class Held:
    def __init__(self):
        self.back = []

    def hand_back(self, receipt, *, tries):
        self.back.append((receipt, tries))
        if receipt == "r0":
            raise OSError("throttled")


def test_what_fails_comes_again_even_when_the_queue_cannot_be_told_so(caplog):
    queue, done = Held(), []

    def work(record):
        if record["body"] == "bad":
            raise RuntimeError("broken")
        done.append(record["body"])

    records = [
        {
            "messageId": f"m{number}",
            "receiptHandle": f"r{number}",
            "body": body,
            "attributes": {"ApproximateReceiveCount": "2"},
        }
        for number, body in enumerate(("bad", "good", "bad"))
    ]
    told = each(
        records,
        work,
        queue=lambda: queue,
        what="plan",
        ids=lambda record: {"plan_id": record["messageId"]},
    )

    assert told == {"batchItemFailures": [{"itemIdentifier": "m0"}, {"itemIdentifier": "m2"}]}
    assert done == ["good"]
    assert queue.back == [("r0", 2), ("r2", 2)]
    assert [one.getMessage() for one in caplog.records] == [
        "plan failed", "plan not handed back", "plan failed"
    ]  # fmt: skip
    assert caplog.records[0].plan_id == "m0"
