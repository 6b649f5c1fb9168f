"""What a queue gave up on: how much lies there, and sending it back to be tried once more."""

from typing import Any

AT_ONCE = 10
MOST = 200  # what one request sends back in good time; the page asks again for more


class DeadLetters:
    """
    Args:
        client: A boto3 SQS client.
        queues: The working queue's URL by name; its dead-letter queue's is that with ``-dead``.
    """

    def __init__(self, client: Any, queues: dict[str, str]) -> None:
        self._client, self._queues = client, queues

    def depths(self) -> dict[str, int]:
        """Count, roughly as SQS does, what lies in each dead-letter queue."""
        return {name: self._depth(f"{url}-dead") for name, url in self._queues.items() if url}

    def send_back(self, name: str) -> int:
        """
        Send what lies there back to its queue; says how many. Every consumer may see one twice.

        A letter leaves the dead-letter queue only once its queue has it.

        Raises:
            KeyError: No such queue.
        """
        url = self._queues[name]
        sent = 0
        while sent < MOST:
            answer = self._client.receive_message(
                QueueUrl=f"{url}-dead", MaxNumberOfMessages=AT_ONCE, WaitTimeSeconds=0
            )
            letters = answer.get("Messages", [])
            if not letters:
                break
            for letter in letters:
                self._client.send_message(QueueUrl=url, MessageBody=letter["Body"])
                self._client.delete_message(
                    QueueUrl=f"{url}-dead", ReceiptHandle=letter["ReceiptHandle"]
                )
                sent += 1
        return sent

    def _depth(self, url: str) -> int:
        answer = self._client.get_queue_attributes(
            QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"]
        )
        return int(answer["Attributes"]["ApproximateNumberOfMessages"])
