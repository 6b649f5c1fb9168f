import copy
import json
from importlib import resources

import pytest

from chalicelib.compliance import packs, schema
from chalicelib.domain.portfolio import COUNTRIES

SOURCES = set(
    json.loads((resources.files("chalicelib.compliance") / "packs/sources.json").read_text())
)


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_country_of_a_portfolio_has_a_sound_pack(country):
    pack = schema.check(packs.document(country), sources=SOURCES)

    assert pack.country == country


def _set(document, path, value):
    *way, last = path
    for step in way:
        document = document[step]
    document[last] = value


@pytest.mark.parametrize(("path", "value"), [
    pytest.param(["rules", 0, "strict", "windows", "mon_fri"], [["06:00", "23:00"]],
                 id="strict opens before the law does"),
    pytest.param(["rules", 0, "strict", "windows", "mon_fri"], [["12:00", "09:00"]],
                 id="a window that ends before it starts"),
    pytest.param(["rules", 0, "strict", "windows", "sat"], [["8 am", "15:00"]], id="no clock"),
    pytest.param(["rules", 0, "channels"], ["call"], id="a channel without a rule"),
    pytest.param(["rules", 0, "article"], "", id="a rule without its article"),
    pytest.param(["rules", 0, "sources"], ["XX99"], id="a source that is not listed"),
    pytest.param(["caps", 0, "max"], 0, id="a cap of nothing"),
    pytest.param(["caps", 0, "period_strict"], "fortnight", id="an unknown period"),
    pytest.param(["default_time_zone"], "America/Macondo", id="a zone that does not exist"),
    pytest.param(["surprise"], 1, id="a key that nobody reads"),
])  # fmt: skip
def test_a_malformed_pack_is_refused(path, value):
    document = copy.deepcopy(packs.document("CO"))
    _set(document, path, value)

    with pytest.raises(ValueError, match=r".+"):
        schema.check(document, sources=SOURCES)


def test_a_brazilian_state_replaces_the_hours_and_keeps_the_rest():
    country, state = packs.load("BR"), packs.load("BR", subdivision="SP")

    assert state.rules[packs.Channel.CALL] != country.rules[packs.Channel.CALL]
    assert state.caps == country.caps
