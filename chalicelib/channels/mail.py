"""E-mail by Amazon SES (API v2)."""

import email.policy
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any

from chalicelib.channels.refusals import told
from chalicelib.domain.contact import NotSent, Outgoing, Receipt

PROVIDER = "ses"
REASONS = {
    "Email address is not verified": "sender_missing",
    "Missing final '@domain'": "invalid_recipient",
    "Illegal address": "invalid_recipient",
    "Domain contains": "invalid_recipient",
    "Local address contains": "invalid_recipient",
}


class MailSender:
    """
    Args:
        client: A ``sesv2`` client without retries.
        sender: Address to send from where a portfolio has none of its own; an SES identity.
        configuration_set: What makes SES tell of delivery, bounces and complaints.
    """

    def __init__(self, client: Any, *, sender: str, configuration_set: str = "") -> None:
        self._client, self._sender = client, sender
        self._configuration_set = configuration_set

    def send(self, message: Outgoing) -> Receipt:
        """
        Send *message* as text with an HTML alternative and its files.

        Raises:
            NotSent: It surely did not go.
        """
        sender = message.sender or self._sender
        if not sender:
            raise NotSent("sender_missing")
        raw = mime(message, sender)
        case_id, _, attempt_id = message.reference.partition(":")
        more: dict[str, Any] = {}
        if self._configuration_set:
            more["ConfigurationSetName"] = self._configuration_set
        with told(REASONS):
            answer = self._client.send_email(
                FromEmailAddress=sender,
                Destination={"ToAddresses": [message.content.to]},
                Content={"Raw": {"Data": raw}},
                # A tag's value may hold no colon, hence two.
                EmailTags=[
                    {"Name": "case", "Value": case_id},
                    {"Name": "attempt", "Value": attempt_id},
                ],
                **more,
            )
        return Receipt(provider=PROVIDER, provider_id=answer["MessageId"])


def mime(message: Outgoing, sender: str) -> bytes:
    """
    Write the message as it travels (RFC 5322), with one-click unsubscription (RFC 8058).

    Raises:
        NotSent: ``invalid_recipient``: not an address.
    """
    content = message.content
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["From"] = sender
    mail["To"] = _recipient(content.to)
    mail["Subject"] = " ".join(content.subject.split())
    mail["Content-Language"] = content.language
    if message.unsubscribe_url:
        mail["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(content.text)
    if content.html:
        mail.add_alternative(content.html, subtype="html")
        _, page = mail.iter_parts()
        for name, media_type, body in message.pictures:
            main, _, sub = media_type.partition("/")
            page.add_related(body, main, sub, cid=f"<{name}>", filename=name, disposition="inline")
    for name, media_type, body in message.files:
        main, _, sub = media_type.partition("/")
        mail.add_attachment(body, maintype=main, subtype=sub, filename=name)
    return mail.as_bytes()


def _recipient(to: str) -> Address:
    if any(c in to for c in "\r\n,;") or to.startswith("@"):
        raise NotSent("invalid_recipient")
    try:
        address = Address(addr_spec=to)
    except (ValueError, IndexError) as error:  # HeaderParseError is a ValueError
        raise NotSent("invalid_recipient") from error
    if not address.username or "." not in address.domain or not to.isascii():
        raise NotSent("invalid_recipient")
    return address
