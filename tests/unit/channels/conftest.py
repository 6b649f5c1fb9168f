from contextlib import ExitStack

import boto3
import pytest
from botocore.stub import Stubber

from chalicelib.domain.contact import Channel, Content, Outgoing


def a_message(channel=Channel.SMS, *, country="MX", to="+525512345678", **values):
    content = values.pop("content", None) or Content(
        to=to,
        text=values.pop("text", "Su cuota vence manana"),
        **{name: values.pop(name) for name in ("subject", "html", "language", "buttons")
           if name in values},
    )  # fmt: skip
    base = {
        "message_id": "att_1", "reference": "cas_1:att_1", "portfolio_id": "prt_1",
        "channel": channel, "content": content, "country": country,
    }  # fmt: skip
    return Outgoing(**base | values)


@pytest.fixture
def stubbed():
    """A client of a service whose next calls are written down; unexpected calls fail."""
    with ExitStack() as stack:

        def make(service):
            client = boto3.client(
                service,
                region_name="us-east-1",
                aws_access_key_id="testing",
                aws_secret_access_key="testing",
            )
            return client, stack.enter_context(Stubber(client))

        yield make


class MemoryShelf:
    """A bucket of memory."""

    def __init__(self):
        self.objects = {}

    def write(self, key, body, *, content_type="application/json"):
        self.objects[key] = (content_type, body)


@pytest.fixture
def shelf():
    return MemoryShelf()
