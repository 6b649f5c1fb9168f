"""What CloudFront does to an address, run as it is deployed."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import app as application
from infra import edge

RUN = """
%s
const event = JSON.parse(process.argv[1]);
console.log(JSON.stringify(handler(event)));
"""


def at_the_edge(uri, response=None):
    """Run the function; *response* is what S3 said, None before S3 is asked."""
    event = {"request": {"uri": uri}} | ({"response": response} if response else {})
    node = shutil.which("node", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    ran = subprocess.run(
        [node, "-e", RUN % edge.clean_urls(), json.dumps(event)],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(ran.stdout)


@pytest.mark.parametrize(
    ("asked", "file"),
    [
        ("/", "/index.html"),
        ("/panel/", "/panel/index.html"),
        ("/en/panel/", "/en/panel/index.html"),
        ("/pt/", "/pt/index.html"),
        ("/assets/panel-0123456789.js", "/assets/panel-0123456789.js"),
        ("/nowhere/", "/404.html"),
        ("/en/nowhere/", "/en/404.html"),
        ("/pt/panel/nada/", "/pt/404.html"),
        ("/english/", "/404.html"),
    ],
)
def test_an_address_is_a_file(asked, file):
    assert at_the_edge(asked)["uri"] == file


def test_a_page_has_a_slash_at_its_end():
    answer = at_the_edge("/en/panel")

    assert (answer["statusCode"], answer["headers"]["location"]) == (301, {"value": "/en/panel/"})


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        # CloudFront may show either what was asked for or the file that was read for it.
        ("/en/nowhere/", 404),
        ("/en/404.html", 404),
        ("/panel/", 200),
        ("/panel/index.html", 200),
        ("/assets/panel-0123456789.js", 200),
    ],
)
def test_what_is_not_there_is_said_to_be_so(asked, status):
    assert at_the_edge(asked, {"statusCode": 200})["statusCode"] == status


def test_the_function_is_within_cloudfronts_limit():
    assert len(edge.clean_urls().encode()) < 10_240


def test_what_a_page_of_the_api_forbids_stays_forbidden():
    policy = edge.headers_policy()["Resources"]["SiteHeaders"]["Properties"]
    headers = policy["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]

    assert headers["ContentSecurityPolicy"]["Override"] is False
    assert headers["ReferrerPolicy"]["Override"] is False


RATES = {"/pagar": "debtor-rate", "/api/v1/webhooks/": "webhook-rate"}


@pytest.mark.parametrize(("firewall", "stage"), [("SiteFirewall", ""), ("ApiFirewall", "/live")])
def test_debtors_pages_and_webhooks_have_rates_of_their_own(resources, firewall, stage):
    rules = resources[firewall]["Properties"]["Rules"]
    rates = {
        rule["Name"]: rule["Statement"]["RateBasedStatement"]
        for rule in rules
        if "RateBasedStatement" in rule["Statement"]
    }
    everything = rates["address-rate"]

    assert len({rule["Priority"] for rule in rules}) == len(rules)
    for route in public_routes():
        (name,) = [name for start, name in RATES.items() if route.startswith(start)]
        rate = rates[name]
        match = rate["ScopeDownStatement"]["ByteMatchStatement"]
        whole = match["PositionalConstraint"] == "STARTS_WITH"
        found = f"{stage}{route}".find(match["SearchString"])
        assert found == 0 if whole else found >= 0
        assert rate["Limit"] < everything["Limit"]
        assert rate["AggregateKeyType"] == everything["AggregateKeyType"]
    order = [rule["Name"] for rule in sorted(rules, key=lambda rule: rule["Priority"])]
    # What lets CloudFront's requests through comes after what holds them to a rate.
    assert order.index("debtor-rate") < order.index("webhook-rate") < len(order) - 1


def public_routes():
    """What answers debtors and providers, who are not signed in."""
    return [route for route in application.app.routes if route.startswith(tuple(RATES))]
