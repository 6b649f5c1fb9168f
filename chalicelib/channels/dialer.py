"""Amazon Connect as what rings for a person's call (``StartOutboundVoiceContact``)."""

import contextlib
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError

from chalicelib.channels.refusals import told
from chalicelib.domain.contact import NotSent

PROVIDER = "connect"
RING_S = 40  # longer is harassment, and most mailboxes have answered by then
# Connect's refusals that other services do not have.
REFUSALS = {
    "DestinationNotAllowedException": "invalid_recipient",
    "OutboundContactNotPermittedException": "sender_missing",
    "InvalidParameterException": "rejected",
    "InvalidRequestException": "rejected",
    "InternalServiceException": "unavailable",
}


class ConnectDialer:
    """
    Rings a debtor and hands the call to the agent who began it.

    Of the call Connect is told the number, who calls and the call's own id; never a name, a case
    or an amount. Which flow plays and how it finds the agent is the account's (docs/channels.md).

    Args:
        client: A boto3 ``connect`` client without retries.
        instance, flow: Ids of the instance and of the flow that joins both sides.
        number: The instance's own, E.164, which the debtor sees.
    """

    provider = PROVIDER

    def __init__(self, client: Any, *, instance: str, flow: str, number: str) -> None:
        self._client = client
        self._instance, self._flow, self._number = instance, flow, number
        self._agents: dict[str, str] = {}

    def ring(self, number: str, *, agent: str, reference: str) -> str:
        """
        Ring *number* for *agent*; Connect's id of the contact.

        Args:
            agent: The e-mail a person signs in with, which is their user name in Connect.
            reference: The call's id. Connect takes it as its token: while the call lasts, asking
                again rings nobody twice.

        Raises:
            NotSent: Nobody was rung. ``agent_unknown``: nobody of that name in the instance.
        """
        with _told():
            answer = self._client.start_outbound_voice_contact(
                InstanceId=self._instance,
                ContactFlowId=self._flow,
                SourcePhoneNumber=self._number,
                DestinationPhoneNumber=number,
                RingTimeoutInSeconds=RING_S,
                ClientToken=reference,
                Attributes={"agent": self._agent(agent), "reference": reference},
            )
        return str(answer["ContactId"])

    def _agent(self, name: str) -> str:
        """The agent's id in the instance, by which a flow finds their own queue."""
        if name not in self._agents:
            named = {"FieldName": "Username", "Value": name, "ComparisonType": "EXACT"}
            found = self._client.search_users(
                InstanceId=self._instance,
                SearchCriteria={"StringCondition": named},
                MaxResults=1,
            )
            user = next(iter(found["Users"]), None)
            if user is None:
                raise NotSent("agent_unknown")
            self._agents[name] = str(user["Id"])
        return self._agents[name]


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        with told():
            yield
    except (
        ReadTimeoutError
    ) as error:  # it may ring all the same; asked again, it rings no second time
        raise NotSent("unavailable") from error
    except ClientError as error:
        code = REFUSALS.get(str(error.response.get("Error", {}).get("Code")))
        if code is None:
            raise
        raise NotSent(code) from error
