"""Voice messages on the phone, read by Amazon Polly (``pinpoint-sms-voice-v2``)."""

import re
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from chalicelib.channels.refusals import told
from chalicelib.channels.sms import REASONS, origination
from chalicelib.domain import prices
from chalicelib.domain.contact import Channel, NotSent, Outgoing, Receipt

PROVIDER = "aws-voice"
LONGEST = 6000  # characters of SSML that the service takes
VOICES = {
    ("es", "MX"): "MIA",
    ("es", "ES"): "LUCIA",
    ("es", ""): "LUPE",  # es-US: the plainest for the rest of Latin America
    ("pt", ""): "CAMILA",
    ("en", ""): "JOANNA",
}
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_LONG_NUMBER = re.compile(r"(?<![\w.,$])\d{5,}(?!\w|[.,]\d)")


class VoiceSender:
    """
    Args:
        client: A ``pinpoint-sms-voice-v2`` client without retries.
        senders: Phone number to call from by country, ``*`` for others.
        configuration_set: What makes the service tell how the call went.
    """

    def __init__(
        self, client: Any, *, senders: Mapping[str, str], configuration_set: str = ""
    ) -> None:
        self._client, self._senders = client, senders
        self._configuration_set = configuration_set

    def send(self, message: Outgoing) -> Receipt:
        """
        Call and read the text; the receipt's units are the seconds expected.

        Raises:
            NotSent: The call was surely not made.
        """
        content = message.content
        sender = message.sender or origination(self._senders, message.country)
        body = ssml(content.text)
        if not content.text.strip() or len(body) > LONGEST:
            raise NotSent("rejected")
        more: dict[str, Any] = {}
        if self._configuration_set:
            more["ConfigurationSetName"] = self._configuration_set
        with told(REASONS):
            answer = self._client.send_voice_message(
                DestinationPhoneNumber=content.to,
                OriginationIdentity=sender,
                MessageBody=body,
                MessageBodyTextType="SSML",
                VoiceId=voice(content.language, message.country),
                Context={"reference": message.reference},
                **more,
            )
        return Receipt(
            provider=PROVIDER,
            provider_id=answer["MessageId"],
            units=prices.units(Channel.CALL, spoken(content.text)),
        )


def voice(language: str, country: str) -> str:
    """
    Choose the Polly voice for a debtor's language, closest to the country's own speech.

    >>> voice("es", "MX"), voice("es", "CO"), voice("pt", "BR")
    ('MIA', 'LUPE', 'CAMILA')
    """
    return VOICES.get((language, country)) or VOICES.get((language, "")) or VOICES["es", ""]


def spoken(text: str) -> str:
    """Give the words of a text that may be marked up as speech."""
    return re.sub(r"<[^>]*>", " ", text) if text.lstrip().startswith("<speak") else text


def ssml(text: str) -> str:
    """
    Write *text* to be read slowly, sentence by sentence, long references digit by digit.

    >>> ssml("Hola. Su folio es 123456.")
    '<speak><prosody rate="95%"><p><s>Hola.</s><s>Su folio es \
<say-as interpret-as="digits">123456</say-as>.</s></p></prosody></speak>'
    """
    if text.lstrip().startswith("<speak"):  # a template's own speech
        return text.strip()
    paragraphs = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        sentences = "".join(
            f"<s>{_digits(escape(' '.join(sentence.split())))}</s>"
            for sentence in _SENTENCE.split(paragraph.strip())
            if sentence.strip()
        )
        paragraphs.append(f"<p>{sentences}</p>")
    return f'<speak><prosody rate="95%">{"".join(paragraphs)}</prosody></speak>'


def _digits(text: str) -> str:
    return _LONG_NUMBER.sub(
        lambda found: f'<say-as interpret-as="digits">{found.group()}</say-as>', text
    )
