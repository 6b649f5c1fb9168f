"""What goes out: values in their place and nowhere else, each channel in its own form."""

from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.contact import Channel
from chalicelib.domain.draft import after
from chalicelib.domain.portfolio import Identification
from chalicelib.messages import engine, identification
from chalicelib.messages.facts import Links
from chalicelib.messages.naming import clean, first_name, person
from chalicelib.messages.render import render
from chalicelib.messages.template import FactMissing
from tests.builders import a_case, a_debt, a_draft, change_of
from tests.unit.messages.builders import a_text, identified, required, some_facts

HOSTILE = [
    "<script>alert(1)</script>",
    'Ana" onmouseover="x',
    "Ana\r\nBcc: otra@test",
    "{{ total }}{% for d in debts %}",
    "**Ana** [pague aquí](https://malo.test)",
    "- Ana\n\n- Luis",
    "Ana\u202eanA",
    "</p></td></speak><b>",
    "&lt;b&gt; &amp;",
]
EVERYTHING = """Hola {{ full_name }} ({{ first_name }}):

**Debe {{ total }}** a {{ creditor }}. Ver [su cuenta]({{ link }}).

{% for debt in debts %}
- {{ debt.reference }} {{ debt.product }}: {{ debt.total }}
{% endfor %}

[Pagar]({{ link }})

{{ identification }}"""


class Tags(HTMLParser):
    """Holds that every tag that opens is closed in its place, and keeps what was seen."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, tuple((name, value) for name, value in attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def case_of(name: str, reference: str = "F-1"):
    return after(None, change_of(a_draft(a_debt(reference, product=name), name=name)))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_cannot_break_out_of_a_page(name: str) -> None:
    plain = Tags(render(a_text(EVERYTHING, Channel.EMAIL), some_facts(case_of("Ana"))).html)
    page = render(
        a_text(EVERYTHING, Channel.EMAIL), some_facts(case_of(name, name.replace("\n", " ")))
    )

    assert Tags(page.html).seen == plain.seen
    assert "\n" not in page.subject
    assert "\r" not in page.text


@given(name=st.text(min_size=1, max_size=60))
def test_no_name_at_all_breaks_out(name: str) -> None:
    if not name.strip():
        return
    facts = replace(
        some_facts(), full_name=person(name), first_name=first_name(name), creditor=clean(name)
    )
    page = render(a_text(EVERYTHING, Channel.EMAIL), facts)
    voice = render(a_text(EVERYTHING, Channel.CALL), facts)

    Tags(page.html)
    ElementTree.fromstring(voice.text)  # noqa: S314 (our own text)
    assert render(a_text("{{ full_name }}"), facts).text.count("\n") == 0


def test_what_a_value_looks_like_is_never_read_as_markup() -> None:
    facts = replace(some_facts(), creditor="**x** [y](https://malo.test)")

    page = render(a_text("Acreedor: {{ creditor }}", Channel.EMAIL), facts).html

    assert "<strong>" not in page
    assert 'href="https://malo.test"' not in page


def test_a_loop_over_debts_is_one_list() -> None:
    file = a_case(a_debt("F-1"), a_debt("F-2"))

    page = render(a_text(EVERYTHING, Channel.EMAIL), some_facts(file)).html

    assert (page.count("<ul"), page.count("<li>")) == (1, 2)


def test_an_email_says_the_same_in_text_and_in_html_and_can_be_ended() -> None:
    sent = render(a_text("Debe {{ total }}.", Channel.EMAIL), some_facts())

    for part in (sent.text, sent.html):
        assert "$1,000.00" in part
        assert "Cobranza Amable (R-1) escribe por cuenta de Mueblería La Esquina." in part
        assert "https://pago.test/u/ZGVqYXI" in part
    assert sent.subject == "Su cuenta con La Esquina"
    assert 'name="color-scheme"' in sent.html
    assert "src=" not in sent.html


def test_a_text_message_is_written_in_the_small_alphabet_where_that_saves_a_segment() -> None:
    once = render(a_text("Último día: {{ due_on | weekday }}", Channel.SMS), some_facts())
    long = render(a_text("Último día: {{ due_on | weekday }}. " * 4, Channel.SMS), some_facts())

    assert once.text == "Último día: jueves 1 de octubre"
    assert long.text.startswith("Ultimo dia: jueves 1 de octubre. Ultimo")


def test_a_voice_says_amounts_in_words() -> None:
    sent = render(a_text("Debe {{ total }} & ya.", Channel.CALL), some_facts())

    assert sent.text == "<speak><p>Debe 1,000 pesos mexicanos &amp; ya.</p></speak>"


def test_whatsapp_gets_its_approved_text_and_its_values_in_order() -> None:
    body = "Hola {{ first_name }}, **{{ total }}** vence {{ due_on | weekday }}. {{ first_name }}"
    text = a_text(body, approved_name="recordatorio_1")

    sent = render(text, some_facts())
    approved = engine.approvable(body)

    assert approved == "Hola {{1}}, *{{2}}* vence {{3}}. {{4}}"
    for number, value in enumerate(sent.template_values, 1):
        approved = approved.replace(f"{{{{{number}}}}}", value)
    assert approved == sent.text
    assert sent.template_name == "recordatorio_1"


def test_free_text_has_no_template_name() -> None:
    sent = render(a_text("Hola {{ first_name }}"), some_facts())

    assert (sent.template_name, sent.template_values) == ("", ())


def test_the_first_contact_says_all_that_the_law_wants_and_later_ones_their_part() -> None:
    first = some_facts()
    later = some_facts(required=required("CO"), portfolio=identified("CO"))
    identification = first.identification[Channel.WHATSAPP]

    for said in (
        "Cobranza Amable (R-1)",
        "Mueblería La Esquina",
        "Av. Dos 22",
        "+52 55 1234 5678",
        "F-1",
        "$1,000.00",
        "22/11/2026",
        "CLABE 0123 4567",
        "condusef",
    ):
        assert said in identification
    assert "gestión de cobranza" in later.identification[Channel.SMS]


def test_a_creditor_whose_name_ends_in_a_full_stop_ends_its_sentence_once() -> None:
    named = replace(identified(), creditor="Mueblería La Esquina, S.A. de C.V.")

    for said in some_facts(portfolio=named).identification.values():
        assert "C.V." in said
        assert ".." not in said


def test_a_voice_tells_no_amount_or_contract_to_whoever_listens() -> None:
    for country in ("MX", "BR", "PY", "CL"):
        said = some_facts(portfolio=identified(country)).identification[Channel.CALL]
        assert not any(character.isdigit() for character in said.replace("+52 55 1234 5678", ""))


def test_what_the_portfolio_does_not_know_is_named() -> None:
    bare = replace(identified(), identification=replace(identified().identification, phone=""))

    assert some_facts(portfolio=bare).unidentified == ("agency_phone",)


def test_without_a_link_a_text_with_one_is_refused_not_sent_with_a_hole() -> None:
    with pytest.raises(FactMissing):
        render(a_text("Pague en {{ link }}"), some_facts(links=Links()))


def test_a_text_never_says_how_to_pay_with_nothing_to_say() -> None:
    bare = replace(identified(), identification=Identification())

    with pytest.raises(FactMissing):
        render(a_text("Para pagar: {{ how_to_pay }}"), some_facts(portfolio=bare, links=Links()))


def test_the_law_is_said_in_every_language() -> None:
    said = {
        language: some_facts(portfolio=identified("US"), language=language).identification
        for language in ("es", "en", "pt")
    }

    assert "debt collectors" in said["en"][Channel.EMAIL]
    assert len({texts[Channel.SMS] for texts in said.values()}) == len(said)
    keys = [set(identification.texts(language)) for language in said]
    assert keys[0] == keys[1] == keys[2]
