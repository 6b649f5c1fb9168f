"""Messages that fail come again soon, later each time, and never later than they would anyway."""

import boto3
import pytest
from moto import mock_aws

from chalicelib.store.queues import LONGEST_WAIT_S, SqsQueue


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
