"""A portfolio's texts: one current version, every version kept, no change lost to another."""

from dataclasses import replace

import pytest

from chalicelib.domain.contact import Channel
from chalicelib.messages.template import OwnTemplate, Stage, Template, key_of
from chalicelib.store.templates import REMEMBERED_S, TemplateStore
from tests import engines
from tests.builders import NOW
from tests.template_fakes import MemoryTemplates


def an_own(version: int = 1, body: str = "Hola {{ first_name }}", **values) -> OwnTemplate:
    text = Template(
        template_id="reminder_firm",
        channel=Channel.SMS,
        language="es",
        stage=Stage.FIRM,
        body=body,
        version=version,
        buttons=(("pay", "Pagar"),),
    )
    given = {
        "portfolio_id": "prt_1",
        "key": key_of("reminder_firm", Channel.SMS, "es"),
        "version": version,
        "template": text,
        "active": True,
        "saved_at": NOW,
        "saved_by": "user:ana",
    }
    return OwnTemplate(**given | values)


@pytest.fixture(params=["memory", "moto"])
def store(request):
    if request.param == "memory":
        return MemoryTemplates()
    endpoint = request.getfixturevalue("moto_endpoint")
    return TemplateStore(engines.wire_to(endpoint), engines.WORK)


def test_what_is_saved_is_read_back(store):
    own = an_own()

    assert store.save(own)
    assert store.get("prt_1", own.key) == own
    assert store.all("prt_1") == [own]
    assert store.remembered("prt_1") == {own.key: own}
    assert store.get("prt_2", own.key) is None
    assert store.all("prt_2") == []


def test_every_version_stays_newest_first(store):
    first, second = an_own(), an_own(2, "Otro", active=False)
    store.save(first)

    assert store.save(second)
    assert store.versions("prt_1", first.key) == [second, first]
    assert store.all("prt_1") == [second]


def test_two_changes_of_one_version_leave_one(store):
    store.save(an_own())
    mine, theirs = an_own(2, "Mío"), an_own(2, "Suyo")

    assert store.save(mine)
    assert not store.save(theirs)
    assert not store.save(an_own(1, "Otro comienzo"))
    assert store.get("prt_1", mine.key) == mine
    assert store.save(mine)  # a repeat changes nothing
    assert len(store.versions("prt_1", mine.key)) == 2


def test_a_key_that_begins_like_another_is_another(store):
    short, long = an_own(), an_own(key="reminder_firm#sms#es2")
    store.save(short)
    store.save(long)

    assert store.versions("prt_1", short.key) == [short]


def test_sending_reads_a_portfolio_once_in_half_a_minute(moto_endpoint):
    now = [100.0]
    store = TemplateStore(engines.wire_to(moto_endpoint), engines.WORK, clock=lambda: now[0])
    other = TemplateStore(engines.wire_to(moto_endpoint), engines.WORK)
    first, second = an_own(), an_own(2, "Otro")
    other.save(first)

    assert list(store.remembered("prt_1").values()) == [first]
    other.save(second)
    assert list(store.remembered("prt_1").values()) == [first]
    now[0] += REMEMBERED_S + 1
    assert list(store.remembered("prt_1").values()) == [second]
    third = replace(an_own(3), note="así")
    store.save(third)  # one's own change is seen at once
    assert list(store.remembered("prt_1").values()) == [third]
