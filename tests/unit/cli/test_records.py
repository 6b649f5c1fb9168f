import json

import pytest

from cli.__main__ import COMMANDS, main
from tests.shared import SHARED, needs_shared


@needs_shared
@pytest.mark.parametrize(("command", "file"), [
    ("contact", "contact/cases.csv"),
    ("pings", "data/tracker_payloads/payloads.jsonl"),
    ("motion", "data/tracker_payloads/geofence_motion.jsonl"),
    ("signatures", "data/webhooks/signature_vectors.jsonl"),
])  # fmt: skip
def test_all_recorded_cases_agree(command, file, capsys):
    assert main([command, str(SHARED / file), "--json"]) == 0

    answer = json.loads(capsys.readouterr().out)
    assert answer["agree"] == answer["of"] > 0


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"])

    assert stop.value.code == 0
    assert command in capsys.readouterr().out


def test_a_row_that_differs_is_named_and_fails(tmp_path, capsys):
    header = "case_id,country,channel,recipient,local_datetime,debtor_tz,expected,reason_code\n"
    row = "A-1,CO,call,debtor,2026-03-15T10:00,America/Bogota,allow,OK\n"
    file = tmp_path / "cases.csv"
    file.write_text(header + row, encoding="utf-8")

    assert main(["contact", str(file)]) == 1

    out = capsys.readouterr().out
    assert "A-1: allow OK expected, deny SUNDAY decided" in out
    assert "0 of 1 agree" in out


@pytest.mark.parametrize("content", ["", "not json\n", "[1]\n"])
def test_a_file_without_cases_is_not_well(tmp_path, content, capsys):
    file = tmp_path / "payloads.jsonl"
    file.write_text(content, encoding="utf-8")

    assert main(["pings", str(file)]) != 0
