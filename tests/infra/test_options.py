"""Whatever the template lets people choose, ``make deploy`` lets them choose."""

import pytest

from infra import build, channels, stage

# What the deploy itself fills in, and what is only for the laptop's emulator.
OUR_OWN = {
    "AdminTotp", "Edge", "EdgeKey", "Firewall", "PaymentSandbox", "PublicS3Url", "SiteUrl", "Stage",
    "Texting",
}  # fmt: skip
BY_FILE = {name for parts in channels.KEYS.values() for name, _ in parts.values()} | {"SendRates"}


def test_every_parameter_of_the_template_is_an_option_of_the_deploy():
    known = build.load(build.ROOT / "infra" / "parts" / "parameters.yaml")["Parameters"]

    assert set(stage.OPTIONS.values()) | BY_FILE | OUR_OWN == known.keys()


@pytest.mark.parametrize(
    ("given", "parameters"),
    [
        (["--geocoder", "amazon"], {"Geocoder": "amazon"}),
        (["--streets", "off", "--trail-days", "30"], {"Streets": "off", "TrailDays": "30"}),
        (["--malware-scan", "guardduty"], {"MalwareScan": "guardduty"}),
        ([], {}),
    ],
)
def test_an_option_reaches_the_stack_and_one_not_named_keeps_its_value(
    monkeypatch, given, parameters
):
    seen = {}
    monkeypatch.setattr(
        stage, "to_stage", lambda _, **asked: seen.update(asked) or {"SiteUrl": "https://x"}
    )

    assert stage.main(["--stage", "dev", *given]) == 0
    assert seen["parameters"] == parameters


def test_a_word_that_the_template_would_refuse_is_refused_before(capsys):
    with pytest.raises(SystemExit):
        stage.main(["--stage", "dev", "--geocoder", "google"])

    assert "--geocoder" in capsys.readouterr().err
