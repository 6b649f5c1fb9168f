"""
AWS's own quotas, which no emulator holds: beyond one, a deployment fails half way.

The numbers are AWS's documentation's of each service, where they cannot be raised or where a
new account starts.
"""

import json
import re

from tests.infra.conftest import of_type

TEMPLATE_BYTES, RESOURCES, PARAMETERS, OUTPUTS = 1_000_000, 500, 200, 200
API_RESOURCES = 300  # nodes of an API's tree of paths
ROLE_POLICY_CHARACTERS = 10_240  # of all inline policies of a role, white space not counted
ENVIRONMENT_BYTES = 4_096
INDEXES = 20

# As long as real ones: names of the stack, ids that CloudFormation ends names with.
STACK = "recobro-produccion"
VALUES = {
    "AWS::Partition": "aws",
    "AWS::Region": "ap-southeast-1",
    "AWS::AccountId": "123456789012",
    "AWS::StackName": STACK,
    "ConnectInstance": "00000000-0000-0000-0000-000000000000",
    "MailIdentity": "avisos.una-agencia-de-cobranza.com.mx",
    "SmsIdentityArns": ["arn:aws:sms-voice:ap-southeast-1:123456789012:phone-number/" + "0" * 36],
    "WhatsAppNumberArns": [
        "arn:aws:social-messaging:ap-southeast-1:123456789012:phone-number-id/" + "0" * 36
    ],
}


def test_the_template_is_one_that_cloudformation_takes(template):
    assert len(json.dumps(template)) < TEMPLATE_BYTES
    assert len(template["Resources"]) < RESOURCES
    assert len(template["Parameters"]) <= PARAMETERS
    assert len(template["Outputs"]) <= OUTPUTS


def test_the_api_has_no_more_paths_than_a_new_account_may(resources):
    (api,) = of_type(resources, "AWS::Serverless::Api").values()
    nodes = set()
    for path in api["Properties"]["DefinitionBody"]["paths"]:
        parts = path.strip("/").split("/")
        nodes |= {tuple(parts[:n]) for n in range(len(parts) + 1)}

    assert len(nodes) <= API_RESOURCES


def test_what_a_role_may_do_fits_into_its_policies(resources):
    long = {
        name: sum(_length(one, resources) for one in role["Properties"].get("Policies", []))
        for name, role in of_type(resources, "AWS::IAM::Role").items()
    }

    assert long
    assert {name: n for name, n in long.items() if n > ROLE_POLICY_CHARACTERS} == {}


def test_what_functions_are_told_fits_into_their_environment(template, functions):
    common = template.get("Globals", {}).get("Function", {}).get("Environment", {})
    for name, function in functions.items():
        own = function["Properties"].get("Environment", {})
        told = {**common.get("Variables", {}), **own.get("Variables", {})}
        told = {key: _text(value, template["Resources"]) for key, value in told.items()}
        assert sum(len(key) + len(str(value)) for key, value in told.items()) < ENVIRONMENT_BYTES, (
            name
        )


def test_no_table_has_more_indexes_than_one_may(resources):
    for table in of_type(resources, "AWS::DynamoDB::Table").values():
        assert len(table["Properties"].get("GlobalSecondaryIndexes", [])) <= INDEXES


def _length(policy, resources):
    document = _text(policy["PolicyDocument"], resources)
    return len(re.sub(r"\s", "", json.dumps(document)))


def _text(value, resources):
    """What CloudFormation would make of it, as long as it would be."""
    if isinstance(value, list):
        return [_text(one, resources) for one in value]
    if not isinstance(value, dict):
        return value
    if "Ref" in value:
        return VALUES.get(value["Ref"], _name(value["Ref"]))
    if "Fn::GetAtt" in value:
        return _arn(value["Fn::GetAtt"][0], resources)
    if "Fn::Sub" in value:
        return re.sub(r"\$\{([\w:.]+)\}", lambda m: _put(m[1], resources), value["Fn::Sub"])
    return {key: _text(one, resources) for key, one in value.items()}


def _put(name, resources):
    logical, _, attribute = name.partition(".")
    return _arn(logical, resources) if attribute else str(VALUES.get(name, _name(name)))


def _name(logical):
    return f"{STACK}-{logical}-{'X' * 12}"


def _arn(logical, resources):
    kind = resources[logical]["Type"].split("::")[1].lower()
    if kind == "s3":  # the only service whose ARNs have neither region nor account
        return f"arn:aws:s3:::{_name(logical)}"
    return f"arn:aws:{kind}:ap-southeast-1:123456789012:resource/{_name(logical)}"
