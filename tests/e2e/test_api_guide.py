"""The guide for other systems, run as it is written."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from local.client import Client

pytestmark = pytest.mark.stack

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
STEP = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WITHIN_S = 120
HEADER = "Cliente;Nombre;Folio;Vence;Saldo\n"


def rows(saldo):
    good = "".join(f"C-{n};Persona {n};F-{n};2026-10-0{n};{saldo + n}.50\n" for n in range(1, 6))
    return HEADER + good + f"C-9;Persona 9;F-9;2026-02-31;{saldo}.00\n"


@pytest.fixture
def supervisor(stack, people):
    client = Client(stack.url)
    client.sign_in(people["supervisor"].email, people["supervisor"].password)
    return client


@pytest.fixture
def portfolio_id(supervisor):
    """A portfolio in which a person has looked at the first file of this shape."""
    body = supervisor.get("/portfolio-defaults", country="MX")
    body |= {"name": "Por API", "creditor": "Sistema del acreedor"}
    made = supervisor.post("/portfolios", body)["portfolio_id"]
    upload = supervisor.send_file(made, "debts", "cartera.csv", rows(1000).encode())
    upload = supervisor.wait_for_upload(upload)
    path = f"/portfolios/{made}/uploads/{upload['upload_id']}"
    supervisor.put(f"{path}/mapping", upload["mapping"])
    supervisor.wait_for_upload(upload, leaving=("needs_mapping",))
    supervisor.post(f"{path}/application")
    assert supervisor.wait_for_upload(upload, leaving=("ready",))["state"] == "done"
    return made


def test_the_steps_of_the_guide_upload_a_file(stack, supervisor, portfolio_id, tmp_path):
    for needed in ("bash", "curl", "jq"):
        assert shutil.which(needed), f"the guide's steps need {needed}"
    token = supervisor.post(f"/portfolios/{portfolio_id}/tokens", {"name": "ERP"})["token"]
    own = {"RECOBRO": f"{stack.url}/api/v1", "TOKEN": token, "PORTFOLIO": portfolio_id}
    guide = "\n".join(STEP.findall(GUIDE.read_text(encoding="utf-8")))
    script, replaced = re.subn(
        r"^export (\w+)=.*$",
        lambda line: f"export {line[1]}={own.pop(line[1])}",
        guide,
        flags=re.MULTILINE,
    )
    (tmp_path / "cartera.csv").write_text(rows(2000))

    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        check=False,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert (replaced, own) == (3, {})
    ended = json.loads((tmp_path / "state.json").read_text())
    assert (ended["state"], ended["applied"]["updated"], ended["applied"]["rejected"]) == (
        "done",
        5,
        1,
    )
    assert "F-9" in (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig")
