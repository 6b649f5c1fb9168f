import json
import re

import pytest

from infra import build, channels
from infra.deploy import DeployFailed

DOCUMENT = (build.ROOT / "docs" / "channels.md").read_text(encoding="utf-8")


def read(tmp_path, body):
    path = tmp_path / "channels.json"
    path.write_text(body if isinstance(body, str) else json.dumps(body), encoding="utf-8")
    return channels.parameters(path)


def test_the_documents_own_example_is_understood(tmp_path):
    (example,) = re.findall(r"```json\n(.*?)```", DOCUMENT, re.DOTALL)

    given = read(tmp_path, example)

    known = build.load(build.ROOT / "infra" / "parts" / "parameters.yaml")["Parameters"]
    assert given.keys() <= known.keys()
    assert json.loads(given["SmsSenders"])["MX"].startswith("+52")
    assert given["SmsIdentityArns"].count(",") >= 1


@pytest.mark.parametrize(("body", "words"), [
    ("{", "channels.json"),
    ([], "JSON object"),
    ({"fax": {}}, "fax"),
    ({"mail": {"from": 3}}, "mail.from"),
    ({"mail": {"sender": "x"}}, "mail.sender"),
    ({"mail": {"from": "a@b.mx"}}, "go together"),
    ({"whatsapp": {"numbers": {"*": "phone-number-id-1"}}}, "go together"),
    ({"sms": {"senders": {"*": "+52"}}}, "sms.arns"),
    ({"sms": {"per_second": 0}}, "sms.per_second"),
    ({"mail": {"per_second": "14"}}, "mail.per_second"),
    ({"calls": {"per_second": 1}}, "calls.per_second"),
])  # fmt: skip
def test_a_file_that_is_wrong_says_where(tmp_path, body, words):
    with pytest.raises(DeployFailed, match=words):
        read(tmp_path, body)


def test_every_topic_and_parameter_it_names_exists():
    parts = "".join(p.read_text() for p in (build.ROOT / "infra" / "parts").glob("*.yaml"))

    for name in re.findall(r"`(\w+(?:Topic|Arns|Senders|Numbers|From|Identity))`", DOCUMENT):
        assert f"{name}:" in parts, name


def test_a_channel_that_may_send_faster_says_so_and_the_others_keep_theirs(tmp_path):
    known = build.load(build.ROOT / "infra" / "parts" / "parameters.yaml")["Parameters"]

    given = read(tmp_path, {"mail": {"per_second": 90}})

    usual = json.loads(known["SendRates"]["Default"])
    assert json.loads(given["SendRates"]) == usual | {"email": 90}
    assert "SendRates" not in read(tmp_path, {})
