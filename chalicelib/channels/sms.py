"""SMS by AWS End User Messaging (``pinpoint-sms-voice-v2``)."""

from collections.abc import Mapping
from typing import Any

from chalicelib.channels.refusals import told
from chalicelib.domain import sms
from chalicelib.domain.contact import NotSent, Outgoing, Receipt

PROVIDER = "aws-sms"
LONGEST = 1600  # characters the service takes
# The ``Reason`` of a ValidationException or ConflictException, and the field it is about.
REASONS = {
    "DESTINATION_PHONE_NUMBER_OPTED_OUT": "opted_out",
    "CANNOT_PARSE": "invalid_recipient",
    "DestinationPhoneNumber": "invalid_recipient",
    "COUNTRY_CODE_MISMATCH": "sender_missing",
    "INVALID_IDENTITY_FOR_DESTINATION_COUNTRY": "sender_missing",
    "NO_ORIGINATION_IDENTITIES_FOUND": "sender_missing",
    "NUMBER_CAPABILITIES_MISMATCH": "sender_missing",
    "SENDER_ID_": "sender_missing",
    "VOICE_CAPABILITY_NOT_AVAILABLE": "sender_missing",
}


class SmsSender:
    """
    Args:
        client: A ``pinpoint-sms-voice-v2`` client without retries.
        senders: Origination identity (number, sender id or pool) by country, ``*`` for others.
        configuration_set: What makes the service tell of delivery.
    """

    def __init__(
        self, client: Any, *, senders: Mapping[str, str], configuration_set: str = ""
    ) -> None:
        self._client, self._senders = client, senders
        self._configuration_set = configuration_set

    def send(self, message: Outgoing) -> Receipt:
        """
        Send *message*; the receipt's units are the segments billed.

        Raises:
            NotSent: It surely did not go.
        """
        text = message.content.text.strip()
        sender = message.sender or origination(self._senders, message.country)
        if not text or len(text) > LONGEST:
            raise NotSent("rejected")
        more: dict[str, Any] = {}
        if self._configuration_set:
            more["ConfigurationSetName"] = self._configuration_set
        with told(REASONS):
            answer = self._client.send_text_message(
                DestinationPhoneNumber=message.content.to,
                OriginationIdentity=sender,
                MessageBody=text,
                MessageType="TRANSACTIONAL",
                Context={"reference": message.reference},
                **more,
            )
        return Receipt(
            provider=PROVIDER,
            provider_id=answer["MessageId"],
            units=sms.length(text).segments,
        )


def origination(senders: Mapping[str, str], country: str) -> str:
    """
    Find the identity that may send to *country*.

    Raises:
        NotSent: ``sender_missing``: none is set up.
    """
    sender = senders.get(country) or senders.get("*", "")
    if not sender:
        raise NotSent("sender_missing")
    return sender
