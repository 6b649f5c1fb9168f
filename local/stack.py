"""
The whole product on this machine: emulator, stack, site, front door.

``ensure`` is the one way in, for ``make run`` and for the end-to-end tests alike.
It does what is missing and nothing else, so a second call takes seconds.
"""

import hashlib
import json
import os
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from infra import deploy, site
from infra.aws import LOCAL_REGION, Cloud
from local import dynamodb, processes
from local.packaged import packaged
from local.providers import scanner
from local.steps import Steps

ROOT = Path(__file__).resolve().parent.parent
NAME = "recobro"
DYNAMODB_AFTER = 7  # how far from the emulator's port DynamoDB Local listens
PROVIDERS_AFTER = 8  # and the providers of messages and payments
# What the emulator has not got; boto3 in the functions reads these.
PROVIDED = ("SESV2", "SOCIALMESSAGING", "PINPOINT_SMS_VOICE_V2")
SENDERS = {
    "MessagesFrom": "cobranza@recobro.local",
    "SmsSenders": '{"*": "+525500000000"}',
    "VoiceSenders": '{"*": "+525500000000"}',
    "WhatsAppNumbers": '{"*": "phone-number-id-local"}',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    front: int = 8000
    cloud: int = 4566
    dynamodb: int = 4565
    providers: int = 4564

    @classmethod
    def free(cls) -> "Ports":
        """Ports nobody uses, for a stack beside another."""
        front, cloud, tables, providers = (processes.free_port() for _ in range(4))
        return cls(front=front, cloud=cloud, dynamodb=tables, providers=providers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """A running stack."""

    url: str
    cloud: Cloud
    state: Path
    outputs: dict[str, str]
    created: bool  # whether this call made the stack, rather than updated it
    users: dict[str, str] = field(default_factory=dict)


def ensure(
    *,
    ports: Ports,
    state: Path,
    auth: bool = False,
    persist: bool = True,
    engine: str = "ministack",
    admin_totp: str = "optional",
    steps: Steps | None = None,
) -> Stack:
    """
    Have the product running, as built from the sources of now.

    Args:
        state: Where data, logs and records of processes are kept.
        auth: Whether the emulator enforces IAM policies and signatures.
        persist: Whether data outlives a clean stop.
        engine: ``ministack`` or ``dynamodb-local`` (large trials; needs Java).

    Raises:
        processes.PortTaken: Another program listens on one of the ports.
        deploy.DeployFailed: The template was refused.
    """
    steps = steps or Steps()
    state.mkdir(parents=True, exist_ok=True)
    url = f"http://localhost:{ports.front}"
    cloud = Cloud(
        endpoint=f"http://127.0.0.1:{ports.cloud}",
        dynamodb=f"http://127.0.0.1:{ports.dynamodb}" if engine == "dynamodb-local" else None,
    )
    _require_ports(ports, state, engine)
    with steps.step("Build the site") as step:
        step.say(site.build())
    with steps.step("Package the functions") as step:
        template, bundles, did = packaged(state)
        step.say(did)
    if cloud.dynamodb:
        with steps.step("Start DynamoDB Local") as step:
            step.say(dynamodb.start(ports.dynamodb, state))
    with steps.step("Start the emulator") as step:
        providers = _start_providers(ports, state, cloud)
        step.say(
            start_cloud(ports.cloud, state, cloud, auth=auth, persist=persist, providers=providers)
        )
    with steps.step("Deploy the stack") as step:
        outputs, did = _deploy(
            cloud,
            state,
            template,
            bundles,
            {
                "Stage": "local",
                "Edge": "false",
                "SiteUrl": url,
                "PublicS3Url": f"{url}/_s3",
                "AdminTotp": admin_totp,
                "LogDays": "30",
                "MalwareScan": "stand_in",
                "PaymentSandbox": f"http://127.0.0.1:{ports.providers}",
                **SENDERS,
            },
        )
        step.say(did)
        _tell_providers(ports, state, cloud, outputs)
        if cloud.dynamodb:
            dynamodb.make_tables(cloud, template, outputs)
    with steps.step("Put the site up") as step:
        sent, gone = site.sync(cloud, site.folder(), outputs["SiteBucket"])
        step.say(f"{len(sent)} sent, {len(gone)} removed")
    with steps.step("Open the front door") as step:
        _open_front_door(ports, state, outputs)
        step.say(url)
    return Stack(url=url, cloud=cloud, state=state, outputs=outputs, created=did == "created")


def stop(state: Path) -> list[str]:
    """Stop what ``ensure`` started from *state*; the front door first, the data last."""
    names = ("front-door", "providers", "cloud", "dynamodb")
    return [name for name in names if processes.stop(name, state)]


def alive(state: Path) -> bool:
    return all(processes.running(name, state) for name in ("front-door", "cloud"))


def _require_ports(ports: Ports, state: Path, engine: str) -> None:
    """Everything that is to listen, before anything is begun; two ports follow from the cloud's."""
    other_front = f"Try another: make run PORT={ports.front + 80}"
    other_cloud = f"Try another: make run CLOUD_PORT={ports.cloud + 100}"
    wanted = [
        ("front-door", ports.front, other_front),
        ("cloud", ports.cloud, other_cloud),
        ("providers", ports.providers, other_cloud),
    ]
    if engine == "dynamodb-local":
        wanted.append(("dynamodb", ports.dynamodb, other_cloud))
    for name, port, hint in wanted:
        if not processes.running(name, state):
            processes.require_port(port, hint)


def _start_providers(ports: Ports, state: Path, cloud: Cloud) -> str:
    """Start what stands in for SES, SMS, voice and WhatsApp; gives its address."""
    address = f"http://127.0.0.1:{ports.providers}"
    if not processes.running("providers", state):
        config = _tell_providers(ports, state, cloud, {})
        processes.start(
            "providers",
            [sys.executable, "-m", "local.providers.server", config],
            state=state,
            env=dict(os.environ),
            cwd=ROOT,
        )
        _wait(lambda: _answers(f"{address}/simulador/"), "the providers", "providers", state)
    return address


def _tell_providers(ports: Ports, state: Path, cloud: Cloud, outputs: dict[str, str]) -> Path:
    """Write down where what providers tell is to go; known once the stack is deployed."""
    config = state / "providers.json"
    known = json.loads(config.read_text()) if config.is_file() else {}
    told = known | {
        "port": ports.providers,
        "cloud": cloud.endpoint,
        "dynamodb": cloud.dynamodb,
        "mailbox": str(state / "messages.jsonl"),
        "payments": str(state / "payments.jsonl"),
        "site": f"http://localhost:{ports.front}",
    }
    if outputs:
        told |= {
            "topics": {
                "mail": outputs["MailEventsTopic"],
                "sms": outputs["SmsEventsTopic"],
                "whatsapp": outputs["WhatsAppEventsTopic"],
            },
            "work_table": outputs["WorkTable"],
            "evidence_bucket": outputs["EvidenceBucket"],
            "scans": _scans(cloud, outputs),
        }
    config.write_text(json.dumps(told, indent=1))
    return config


def _scans(cloud: Cloud, outputs: dict[str, str]) -> dict[str, str]:
    """What the scanner listens to, which buckets it looks at, and what it tells."""
    buckets = {"uploads": outputs["UploadsBucket"], "evidence": outputs["EvidenceBucket"]}
    function = cloud.client("cloudformation").describe_stack_resource(
        StackName=NAME, LogicalResourceId="NoteScan"
    )["StackResourceDetail"]["PhysicalResourceId"]
    queue = scanner.listen(cloud, list(buckets.values()))
    return buckets | {"queue": queue, "function": function}


def start_cloud(
    port: int, state: Path, cloud: Cloud, *, auth: bool, persist: bool, providers: str = ""
) -> str:
    """Start the emulator alone, on *port*; says where."""
    if processes.running("cloud", state) and _healthy(cloud):
        return "already running"
    scratch = state / "tmp"
    scratch.mkdir(exist_ok=True)
    # Nothing of the developer's own AWS set-up may reach the functions.
    env = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "PYTHON"))}
    env |= {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_REGION": LOCAL_REGION,
        "AUTH": "true" if auth else "false",
        "PERSIST_STATE": "1" if persist else "0",
        "S3_PERSIST": "1" if persist else "0",
        "STATE_DIR": str(state / "cloud"),
        "S3_DATA_DIR": str(state / "s3"),
        "TMPDIR": str(scratch),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        "LAMBDA_WARM_TTL_SECONDS": "1800",  # a cold start costs a person seconds, memory is cheap
        "PYTHONNOUSERSITE": "1",
    }
    if cloud.dynamodb:
        env["AWS_ENDPOINT_URL_DYNAMODB"] = cloud.dynamodb
    if providers:
        env |= {f"AWS_ENDPOINT_URL_{service}": providers for service in PROVIDED}
    python = ROOT / ".venv-cloud" / "bin" / "python"
    processes.start("cloud", [python, "-m", "ministack"], state=state, env=env, cwd=state)
    _wait(lambda: _healthy(cloud), "the emulator", "cloud", state)
    return f"port {port}"


def _deploy(
    cloud: Cloud,
    state: Path,
    template: Path,
    bundles: dict[str, Path],
    parameters: dict[str, str],
) -> tuple[dict[str, str], str]:
    """Deploy unless the very same thing is there already."""
    key = _key(template, *bundles.values(), Path(deploy.__file__)) + json.dumps(
        parameters, sort_keys=True
    )
    stamp = state / "deployed.json"
    there = deploy.describe(cloud, NAME)
    if there and stamp.is_file() and json.loads(stamp.read_text())["key"] == key:
        return deploy.outputs(there), "unchanged"
    outputs = deploy.apply(
        cloud,
        stack=NAME,
        template=template,
        bundles=bundles,
        parameters=parameters,
        say=lambda _: None,
    )
    stamp.write_text(json.dumps({"key": key, "outputs": outputs}, indent=1))
    return outputs, "updated" if there else "created"


def _open_front_door(ports: Ports, state: Path, outputs: dict[str, str]) -> None:
    config = state / "front-door.json"
    wanted = json.dumps(
        {
            "port": ports.front,
            "site": str(site.folder()),
            "cloud": f"127.0.0.1:{ports.cloud}",
            "providers": f"127.0.0.1:{ports.providers}",
            "api_id": outputs["ApiId"],
            "site_bucket": outputs["SiteBucket"],
        }
    )
    if not config.is_file() or config.read_text() != wanted:
        config.write_text(wanted)
    if not processes.running("front-door", state):
        processes.start(
            "front-door",
            [sys.executable, "-m", "local.front_door", config],
            state=state,
            env=dict(os.environ),
            cwd=ROOT,
        )
    _wait(
        lambda: _answers(f"http://127.0.0.1:{ports.front}/"), "the front door", "front-door", state
    )


def _wait(ready, what: str, name: str, state: Path, patience_s: float = 60) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    deadline = time.monotonic() + patience_s
    while not ready():
        if not processes.running(name, state) or time.monotonic() > deadline:
            log = state / "logs" / f"{name}.log"
            tail = log.read_text(errors="replace")[-2000:] if log.is_file() else ""
            raise RuntimeError(f"{what} did not start; {log} ends with:\n{tail}")
        time.sleep(0.05)


def _healthy(cloud: Cloud) -> bool:
    return _answers(f"{cloud.endpoint}/_ministack/health")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _key(*paths: Path) -> str:
    whole = hashlib.sha256()
    for path in paths:
        whole.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()
