"""Dependencies are pinned, hashed, and say nothing of where they came from."""

import json
import re

import pytest

from infra.build import ROOT

LOCKS = sorted(p.name for p in ROOT.glob("requirements*.txt"))
NPM_LOCKS = ("frontend/package-lock.json", "bench/lighthouse_package/package-lock.json")


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_host_and_hashes_everything(name):
    text = (ROOT / name).read_text()
    entries = re.split(r"\n(?=[a-z0-9])", text)

    assert "://" not in text
    assert [e.split()[0] for e in entries if "--hash=sha256:" not in e] == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_what_was_asked_for(name):
    locked = set(re.findall(r"^([A-Za-z0-9._-]+==[^ ;\\]+)", (ROOT / name).read_text(), re.M))
    locked = {entry.lower().replace("_", "-") for entry in locked}
    asked = (ROOT / name).with_suffix(".in").read_text()
    pinned = re.findall(r"^([A-Za-z0-9._-]+)(?:\[.*?\])?==(\S+)", asked, re.M)

    assert pinned
    assert {f"{n.lower().replace('_', '-')}=={v}" for n, v in pinned} <= locked


@pytest.mark.parametrize("name", NPM_LOCKS)
def test_a_lock_of_npm_names_no_address_and_hashes_everything(name):
    text = (ROOT / name).read_text()
    packages = {key: entry for key, entry in json.loads(text)["packages"].items() if key}

    assert "://" not in text
    assert [key for key, entry in packages.items() if "integrity" not in entry] == []
