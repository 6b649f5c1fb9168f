"""
Deploy a stage to AWS: what ``make run`` does on a laptop, with the edge in front.

    python -m infra.stage --stage dev --admin you@example.org

docs/deploy.md says what must be there before, and what each option is for. Credentials
and region are the caller's own, as the AWS command line takes them.
"""

import argparse
import functools
import os
import secrets
import sys
import time
from collections.abc import Callable
from pathlib import Path

from infra import build, channels, deploy, package, people, site
from infra.aws import Cloud

Say = Callable[[str], None]

#: option of the command line -> parameter of the template
OPTIONS = {
    "domain": "DomainName",
    "certificate": "CertificateArn",
    "mail_from": "MailFrom",
    "alarm_email": "AlarmEmail",
    "budget": "MonthlyBudgetUsd",
    "log_days": "LogDays",
    "malware_scan": "MalwareScan",
    "geocoder": "Geocoder",
    "streets": "Streets",
    "trail_days": "TrailDays",
}


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make deploy", description=__doc__)
    parser.add_argument("--stage", required=True, help="dev, prod: the stack is recobro-<stage>")
    parser.add_argument("--admin", help="e-mail of the first admin, who is sent an invitation")
    parser.add_argument(
        "--region",
        default=os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1",
    )
    parser.add_argument("--domain", help="the site's own domain; with --certificate")
    parser.add_argument("--certificate", help="its certificate's ARN, in us-east-1")
    parser.add_argument("--mail-from", help="an SES identity of this account")
    parser.add_argument(
        "--channels", type=Path, help="JSON: what messages are sent with (docs/channels.md)"
    )
    parser.add_argument("--alarm-email", help="who hears of alarms and of the budget")
    parser.add_argument("--budget", help="US dollars a month")
    parser.add_argument("--log-days", help="how long logs are kept")
    parser.add_argument(
        "--malware-scan", choices=["off", "guardduty"], help="who looks at files from outside"
    )
    parser.add_argument(
        "--geocoder", choices=["off", "amazon"], help="who finds addresses without coordinates"
    )
    parser.add_argument("--trail-days", help="how long where agents were is kept")
    parser.add_argument("--streets", choices=["off", "amazon"], help="who knows the ways by road")
    args = parser.parse_args(argv)
    given = {
        parameter: getattr(args, option)
        for option, parameter in OPTIONS.items()
        if getattr(args, option) is not None
    }
    try:
        if args.channels is not None:
            given |= channels.parameters(args.channels)
        outputs = to_stage(
            Cloud(region=args.region), stage=args.stage, admin=args.admin, parameters=given
        )
    except deploy.DeployFailed as error:
        print(f"\n{error}\n", file=sys.stderr)
        return 1
    width = max(map(len, outputs))
    print(
        "\n" + "\n".join(f"  {name:<{width}}  {value}" for name, value in sorted(outputs.items()))
    )
    print(f"\n  Recobro is at {outputs['SiteUrl']}/panel/\n")
    return 0


def to_stage(
    cloud: Cloud,
    *,
    stage: str,
    admin: str | None = None,
    parameters: dict[str, str] | None = None,
    target: package.Target = "lambda",
    work: Path = build.BUILD,
    say: Say = print,
) -> dict[str, str]:
    """
    Build, deploy, put the site up, let CloudFront forget the old pages, invite the first admin.

    Safe to repeat; a parameter that is not named keeps its last value.

    Args:
        admin: Invited when nobody with this address is in; no harm if somebody is.
        target: ``host`` only for an emulator on this machine.
        work: Folder to build in.

    Returns:
        The stack's outputs and the site's URL.
    """
    name = f"recobro-{stage}"
    began = time.monotonic()

    def tell(text: str) -> None:
        say(f"[{time.monotonic() - began:5.0f} s] {text}")

    tell(f"site: {site.build()}")
    template, bundles = build.build(work), package.bundles(target)
    tell(f"functions: {package.sizes(bundles)}")

    before = deploy.describe(cloud, name)
    given = {"Stage": stage, "Edge": "true", **(parameters or {})}
    if before is None:
        # Known to CloudFront and to the API's firewall only; later runs keep it.
        given["EdgeKey"] = secrets.token_urlsafe(32)
    tell(f"stack {name} in {cloud.region}: {'update' if before else 'create'}")
    put = functools.partial(
        deploy.apply, cloud, stack=name, template=template, bundles=bundles,
        tags={"product": "recobro", "stage": stage}, say=tell,
    )  # fmt: skip
    outputs = put(parameters=given)

    # CloudFront's address is known only now, and mails and upload rules need it.
    domain = outputs.get("OwnDomain") or outputs["DistributionDomain"]
    url = f"https://{domain}"
    if outputs.get("SiteUrl") != url:
        tell(f"stack {name}: its address is {url}")
        outputs = put(parameters=given | {"SiteUrl": url})

    sent, gone = site.sync(cloud, site.folder(), outputs["SiteBucket"])
    tell(f"site: {len(sent)} files sent, {len(gone)} removed")
    if made := site.invalidate(cloud, outputs["DistributionId"], sent + gone):
        tell(f"CloudFront: invalidation {made}")
    if admin:
        first = people.FirstPerson(email=admin, name=admin.partition("@")[0], role="admin")
        people.ensure(cloud, outputs, [first])
        tell("first admin: invited, unless they were in already")
    return outputs


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
