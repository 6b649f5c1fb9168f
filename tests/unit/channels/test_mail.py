import email
import email.policy

import pytest
from botocore.exceptions import ReadTimeoutError
from botocore.stub import ANY

from chalicelib.channels.mail import MailSender, mime
from chalicelib.domain.contact import Channel, NotSent
from tests.unit.channels.conftest import a_message

FROM = "cobranza@esquina.example"


def a_mail(**values):
    return a_message(
        Channel.EMAIL,
        **{
            "to": "rosa@correo.example", "subject": "Su cuota", "text": "Hola, Núñez",
            "html": "<p>Hola</p>", "unsubscribe_url": "https://r.example/b/t",
        }
        | values,
    )  # fmt: skip


def parsed(message):
    return email.message_from_bytes(mime(message, FROM), policy=email.policy.default)


def test_it_says_who_it_is_about_and_asks_for_events(stubbed):
    client, stub = stubbed("sesv2")
    stub.add_response(
        "send_email",
        {"MessageId": "ses-1"},
        {
            "FromEmailAddress": FROM,
            "Destination": {"ToAddresses": ["rosa@correo.example"]},
            "Content": {"Raw": {"Data": ANY}},
            "EmailTags": [
                {"Name": "case", "Value": "cas_1"},
                {"Name": "attempt", "Value": "att_1"},
            ],
            "ConfigurationSetName": "recobro-mail",
        },
    )

    receipt = MailSender(client, sender=FROM, configuration_set="recobro-mail").send(a_mail())

    assert (receipt.provider, receipt.provider_id, receipt.units) == ("ses", "ses-1", 1)


def test_a_picture_is_shown_in_the_page_and_is_no_file_of_the_mail():
    page = '<p><img src="cid:visita.png" alt="Mapa"></p>'
    mail = parsed(a_mail(html=page, pictures=(("visita.png", "image/png", b"png"),)))

    assert mail.get_body(("plain",)).get_content().strip() == "Hola, Núñez"
    assert mail.get_body(("related", "html")).get_content_type() == "multipart/related"
    html, picture = mail.get_body(("related",)).iter_parts()
    assert html.get_content().strip() == page
    assert (picture["Content-ID"], picture.get_content()) == ("<visita.png>", b"png")
    assert picture.get_content_disposition() == "inline"


def test_text_html_and_files_travel_together():
    mail = parsed(a_mail(files=(("estado.pdf", "application/pdf", b"%PDF-1.4"),)))

    assert mail.get_body(("plain",)).get_content().strip() == "Hola, Núñez"
    assert mail.get_body(("html",)).get_content().strip() == "<p>Hola</p>"
    (file,) = mail.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("estado.pdf", "application/pdf")
    assert file.get_content() == b"%PDF-1.4"


def test_one_click_leaves_the_list():
    mail = parsed(a_mail())

    assert mail["List-Unsubscribe"] == "<https://r.example/b/t>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "List-Unsubscribe" not in parsed(a_mail(unsubscribe_url=""))


def test_a_portfolio_may_have_a_sender_of_its_own(stubbed):
    client, stub = stubbed("sesv2")
    stub.add_response("send_email", {"MessageId": "m"}, {
        "FromEmailAddress": "otra@x.example", "Destination": ANY, "Content": ANY, "EmailTags": ANY,
    })  # fmt: skip

    MailSender(client, sender=FROM).send(a_mail(sender="otra@x.example"))

    stub.assert_no_pending_responses()


@pytest.mark.parametrize(
    "to", ["", "rosa", "rosa@", "@correo.example", "a@b", "a@b.mx, c@d.mx", "a@b.mx\r\nBcc: x@y.mx"]
)
def test_what_is_no_address_is_not_tried(to):
    with pytest.raises(NotSent) as refusal:
        mime(a_mail(to=to), FROM)

    assert (refusal.value.code, refusal.value.retry) == ("invalid_recipient", False)


def test_a_subject_cannot_smuggle_headers_in():
    assert parsed(a_mail(subject="Hola\r\nBcc: x@y.mx"))["Bcc"] is None


@pytest.mark.parametrize(("error", "words", "code", "retry"), [
    ("TooManyRequestsException", "Maximum sending rate exceeded", "throttled", True),
    ("LimitExceededException", "Daily message quota exceeded", "throttled", True),
    ("SendingPausedException", "", "unavailable", True),
    ("MailFromDomainNotVerifiedException", "", "sender_missing", False),
    ("MessageRejected", "Email address is not verified. The following...", "sender_missing", False),
    ("BadRequestException", "Illegal address", "invalid_recipient", False),
    ("MessageRejected", "Virus", "rejected", False),
])  # fmt: skip
def test_refusals_have_codes(stubbed, error, words, code, retry):
    client, stub = stubbed("sesv2")
    stub.add_client_error("send_email", service_error_code=error, service_message=words)

    with pytest.raises(NotSent) as refusal:
        MailSender(client, sender=FROM).send(a_mail())

    assert (refusal.value.code, refusal.value.retry) == (code, retry)


def test_what_may_have_gone_is_not_called_unsent(stubbed):
    """A 500 after the request leaves it open: nobody may send again."""
    client, stub = stubbed("sesv2")
    stub.add_client_error("send_email", "InternalFailure", http_status_code=500)

    with pytest.raises(client.exceptions.ClientError):
        MailSender(client, sender=FROM).send(a_mail())


def test_a_lost_answer_is_not_called_unsent():
    class Lost:
        def send_email(self, **_):
            raise ReadTimeoutError(endpoint_url="https://email.us-east-1.amazonaws.com")

    with pytest.raises(ReadTimeoutError):
        MailSender(Lost(), sender=FROM).send(a_mail())


def test_without_a_sender_nothing_goes():
    with pytest.raises(NotSent) as refusal:
        MailSender(None, sender="").send(a_mail())

    assert refusal.value.code == "sender_missing"
