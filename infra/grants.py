"""
What a function may do, word by word: a grant becomes an IAM statement.

No statement ever holds ``*`` as its resource or in its action; a star stands in an object's
key only, behind the bucket and its folder, and in the names of the secrets of payments.
"""

from typing import Any

from chalicelib.bi.tables import TABLES
from infra.lake import DATABASE

Statement = dict[str, Any]

INDEXES = {
    "Cases": ("lookup", "by_due", "by_balance", "by_name", "agenda", "near"),
    "Tracking": ("live",),
}

TABLE = {
    "read": ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"],
    "write": [
        "dynamodb:GetItem",
        "dynamodb:BatchGetItem",
        "dynamodb:Query",
        "dynamodb:ConditionCheckItem",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "dynamodb:DeleteItem",
        "dynamodb:BatchWriteItem",
    ],
}
OBJECTS = {
    "read": ["s3:GetObject"],
    "write": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
    "erase": ["s3:DeleteObject", "s3:DeleteObjectVersion"],
}
_SES = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}"
KEY = {
    "read": ["kms:Decrypt", "kms:DescribeKey"],
    "write": ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey", "kms:Encrypt"],
    "erase": [],
}
SECRET = {"read": ["secretsmanager:GetSecretValue"]}
# Keys of creditors' accounts at providers of payments: secrets that people make and take away.
PAYMENT_KEYS = {
    "read": ["secretsmanager:GetSecretValue"],
    "write": [
        "secretsmanager:GetSecretValue",
        "secretsmanager:PutSecretValue",
        "secretsmanager:CreateSecret",
        "secretsmanager:DeleteSecret",
    ],
}
_SECRETS = "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret"
QUEUE = {
    # AWS covers a batch by SendMessage; the emulator asks for the batch by its own name.
    "send": ["sqs:SendMessage", "sqs:SendMessageBatch", "sqs:GetQueueAttributes"],
    "receive": [
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:ChangeMessageVisibility",
        "sqs:GetQueueAttributes",
    ],
}
MESSAGES: dict[str, tuple[list[str], list[Any]]] = {
    "mail": (
        ["ses:SendEmail", "ses:SendRawEmail"],
        [
            {"Fn::Sub": f"{_SES}:identity/${{MailIdentity}}"},
            {"Fn::Sub": f"{_SES}:configuration-set/${{MailEventSet}}"},
        ],
    ),
    "sms": (
        ["sms-voice:SendTextMessage", "sms-voice:SendVoiceMessage"],
        [{"Ref": "SmsIdentityArns"}],
    ),
    "whatsapp": (
        [
            "social-messaging:SendWhatsAppMessage",
            "social-messaging:PostWhatsAppMessageMedia",
            "social-messaging:GetWhatsAppMessageMedia",
        ],
        [{"Ref": "WhatsAppNumberArns"}],
    ),
}
QUERIES = [
    "athena:StartQueryExecution",
    "athena:GetQueryExecution",
    "athena:GetQueryResults",
]
CATALOGUE = ["glue:GetDatabase", "glue:GetTable", "glue:GetTables", "glue:GetPartitions"]
FUNCTION = {"invoke": ["lambda:InvokeFunction"]}
PLACES = {"locate": ["geo-places:Geocode"], "route": ["geo-routes:CalculateRouteMatrix"]}
POOL = {
    "admin": [
        "cognito-idp:AdminAddUserToGroup",
        "cognito-idp:AdminCreateUser",
        "cognito-idp:AdminDisableUser",
        "cognito-idp:AdminEnableUser",
        "cognito-idp:AdminGetUser",
        "cognito-idp:AdminInitiateAuth",
        "cognito-idp:AdminRemoveUserFromGroup",
        "cognito-idp:AdminResetUserPassword",
        "cognito-idp:AdminRespondToAuthChallenge",
        "cognito-idp:AdminSetUserMFAPreference",
        "cognito-idp:AdminUpdateUserAttributes",
        "cognito-idp:AdminUserGlobalSignOut",
    ],
}

# What is granted on one resource as it is.
WHOLE = {"queue": QUEUE, "function": FUNCTION, "pool": POOL}


def statements(grants: list[dict[str, str]], log_group: str) -> list[Statement]:
    """
    The statements of one role.

    Args:
        grants: Entries of ``infra/functions.yaml``.
        log_group: Logical id of the function's log group.
    """
    made = [_allow(["logs:CreateLogStream", "logs:PutLogEvents"], _arn(log_group))]
    key_use: set[str] = set()
    for grant in grants:
        may = grant["may"]
        if "table" in grant:
            table = grant["table"]
            resources: list[Any] = [_arn(table)]
            resources += [
                {"Fn::Sub": f"${{{table}.Arn}}/index/{i}"} for i in INDEXES.get(table, ())
            ]
            made.append(_allow(TABLE[may], resources))
            key_use.update(KEY[may])
        elif "bucket" in grant:
            prefix = grant.get("prefix", "")
            objects = {"Fn::Sub": f"${{{grant['bucket']}.Arn}}/{prefix}*"}
            made.append(_allow(OBJECTS[may], objects))
            # Without it a missing object answers 403, which reads like a bug.
            lists = ["s3:ListBucket", *(["s3:ListBucketVersions"] if may == "erase" else [])]
            made.append(_allow(lists, _arn(grant["bucket"])))
            key_use.update(KEY[may])
        elif "secret" in grant:
            # Its ARN by name: Ref gives it on AWS only, the emulator has the name there.
            made.append(_allow(SECRET[may], {"Fn::GetAtt": [grant["secret"], "Id"]}))
            key_use.update(KEY["read"])
        elif "payment_keys" in grant:
            # A secret's ARN ends in letters that AWS picks, so a star has to stand for them.
            keys = {"Fn::Sub": f"{_SECRETS}:${{AWS::StackName}}/payments/*"}
            made.append(_allow(PAYMENT_KEYS[may], keys))
            key_use.update(KEY[may])
        elif "places" in grant:
            service = PLACES[may][0].partition(":")[0]
            provider = f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}::provider/default"
            made.append(_allow(PLACES[may], {"Fn::Sub": provider}))
        elif "dialer" in grant:
            made += _dialer(may)
        elif "channels" in grant:
            made += _messages(may, grant["channels"])
        elif "lake" in grant:
            made += _queries(may)
        elif kind := next((one for one in WHOLE if one in grant), ""):
            made.append(_allow(WHOLE[kind][may], _arn(grant[kind])))
        else:
            raise ValueError(f"no such grant: {grant}")
    if key_use:
        made.append(_allow(sorted(key_use), _arn("Key")))
    return _together(made)


def _together(made: list[Statement]) -> list[Statement]:
    """
    One statement for all resources of the same actions: it allows the same, in half the length.

    IAM takes 10,240 characters of a role's inline policies, and the API's role is near them.
    """
    by_actions: dict[tuple[str, ...], list[Any]] = {}
    lists = []  # of parameters: a list already, which cannot stand in another
    for one in made:
        if "Ref" in one["Resource"]:
            lists.append(one)
            continue
        resources = one["Resource"] if isinstance(one["Resource"], list) else [one["Resource"]]
        known = by_actions.setdefault(tuple(one["Action"]), [])
        known += [each for each in resources if each not in known]
    return [_allow(list(actions), known) for actions, known in by_actions.items()] + lists


def _messages(may: str, which: str) -> list[Statement]:
    """What handing messages over takes, on the identities that the parameters name."""
    if may != "send":
        raise ValueError(f"channels may be used to send: {may}")
    made = []
    for actions, resources in MESSAGES.values() if which == "all" else [MESSAGES[which]]:
        lists = [r for r in resources if "Ref" in r]  # a list already, not to be put into one
        made.append(_allow(actions, lists[0] if lists else resources))
    return made


def _dialer(may: str) -> list[Statement]:
    """What ringing for a person takes: new contacts of one instance, and its agents' ids."""
    if may != "ring":
        raise ValueError(f"a dialer may be used to ring: {may}")
    instance = (
        "arn:${AWS::Partition}:connect:${AWS::Region}:${AWS::AccountId}:instance/${ConnectInstance}"
    )
    return [
        _allow(["connect:StartOutboundVoiceContact"], {"Fn::Sub": f"{instance}/contact/*"}),
        _allow(["connect:SearchUsers"], {"Fn::Sub": instance}),
    ]


def _queries(may: str) -> list[Statement]:
    """What asking Athena takes, on the lake's own workgroup, tables and bucket."""
    if may != "query":
        raise ValueError(f"the lake may be queried: {may}")
    glue = "arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}"
    known = [f"{glue}:catalog", f"{glue}:database/${{{DATABASE}}}"]
    known += [f"{glue}:table/${{{DATABASE}}}/{name}" for name in TABLES]
    workgroup = "arn:${AWS::Partition}:athena:${AWS::Region}:${AWS::AccountId}:workgroup/"
    return [
        _allow(QUERIES, {"Fn::Sub": workgroup + "${LakeQueries}"}),
        _allow(CATALOGUE, [{"Fn::Sub": one} for one in known]),
        _allow(["s3:GetBucketLocation"], _arn("Lake")),
    ]


def _allow(actions: list[str], resource: Any) -> Statement:
    return {"Effect": "Allow", "Action": actions, "Resource": resource}


def _arn(logical_id: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [logical_id, "Arn"]}
