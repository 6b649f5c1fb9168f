"""The link that goes out with a message, as the stack writes it."""

from urllib.parse import urlsplit

import pytest

from chalicelib import wiring
from chalicelib.domain.contact import Channel
from chalicelib.services.contacting import Reach
from tests.selfpay.conftest import MAIL, PHONE, TAX_ID


def links(world, channel, value=PHONE, party="debtor"):
    to = world.contact(value)
    reach = Reach(contact_id=to, channel=channel, value=value, party=party, quality="valid")
    return wiring.dispatching(lambda error: None).links(world.file, reach)


@pytest.mark.parametrize("channel", [Channel.WHATSAPP, Channel.SMS])
def test_a_message_opens_the_page_and_its_phone_is_no_second_fact(world, visitor, channel):
    portal = urlsplit(links(world, channel).portal)

    assert f"{portal.scheme}://{portal.netloc}" == world.served.url
    assert visitor.enter(portal.path, PHONE[-4:]).path == portal.path
    assert visitor.enter(portal.path, TAX_ID[-4:]).path == "/pagar/cuenta"


def test_an_e_mail_has_it_beside_the_unsubscription_and_the_phone_counts(world, visitor):
    made = links(world, Channel.EMAIL, MAIL)

    assert "/api/v1/unsubscribe/" in made.unsubscribe
    assert visitor.enter(urlsplit(made.portal).path, PHONE[-4:]).path == "/pagar/cuenta"


def test_a_voice_and_a_third_party_get_none(world):
    assert links(world, Channel.CALL).portal == ""
    assert links(world, Channel.SMS, party="guarantor").portal == ""


def test_the_bot_gives_one_for_the_phone_that_writes(world, visitor):
    url = wiring.conversing().pay_url(world.file, world.contact(PHONE))

    assert visitor.enter(urlsplit(url).path).path == "/pagar/cuenta"
