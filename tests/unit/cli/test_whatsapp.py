import json

import pytest

from cli.__main__ import main
from tests.shared import SHARED, needs_shared

FILE = SHARED / "data/webhooks/whatsapp_cloud_api.jsonl"


def would(file, capsys, *more):
    status = main(["whatsapp", str(file), "--json", *more])
    answer = json.loads(capsys.readouterr().out)
    return status, {one["id"]: one["would"] for one in answer["updates"]}, answer


@needs_shared
def test_every_recorded_update_would_do_the_right_thing(capsys):
    status, found, answer = would(FILE, capsys)

    assert status == 0
    assert (len(found), answer["not_understood"]) == (50, [])
    for name, (what, *more) in found.items():
        family = name.split(".")[1]
        assert more == []
        match family:
            case "message_status":
                assert what["event"] == name.split(".")[2]
            case "message" | "callback_button" | "callback_selection" | "flow_completion":
                assert what["does"] == []
                # One sender sends them all: asked who they are, then asked again.
                quiet = what["message"] in ("reaction", "system", "edit")
                assert bool(what["answers"]) is not quiet, name
            case "edited_message" | "system":
                assert what["answers"] == []
            case "outgoing_message":
                assert what.get("left_aside") == "unreadable_number" or what["answers"] == []
            case _:
                assert "left_aside" in what
    assert found["pywa.system.phone_number_change"][0]["does"] == ["number_changed"]
    assert found["pywa.message.audio"][0]["answers"] == ["media.audio"]


@needs_shared
def test_what_aws_passes_on_is_understood_alike(capsys):
    status, found, _ = would(SHARED / "data/webhooks/aws_eum_social.jsonl", capsys, "--words")

    assert status == 0
    (hi,), (sent,) = found["aws-eum-text-sns"], found["aws-eum-status-sns"]
    assert (hi["understood"], len(hi["answers"])) == ("greeting", 1)
    assert hi["answers"][0].startswith("Hello, I'm the virtual assistant of the creditor.")
    assert sent["event"] == "sent"


@pytest.mark.parametrize("line", ['{"object": "page"}', '{"payload": 3}', '{"id": "x"}'])
def test_what_nobody_understands_is_not_well(tmp_path, line, capsys):
    file = tmp_path / "updates.jsonl"
    file.write_text(line, encoding="utf-8")

    assert main(["whatsapp", str(file)]) == 1
    assert "0 of 1 understood" in capsys.readouterr().out


def test_a_stop_word_of_a_stranger_is_told(tmp_path, capsys):
    said = {"from": "5215512345678", "id": "w", "timestamp": "1763834400", "type": "text",
            "text": {"body": "BAJA"}}  # fmt: skip
    change = {"field": "messages", "value": {"metadata": {}, "messages": [said]}}
    update = {
        "object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]
    }  # fmt: skip
    file = tmp_path / "updates.jsonl"
    file.write_text(json.dumps({"id": "stop", "payload": update}), encoding="utf-8")

    assert main(["whatsapp", str(file)]) == 0
    out = capsys.readouterr().out
    assert "stop: text from …5678 is kept (stop), does opt_out, answers stop.done" in out
