"""Amazon Connect rings for a person's call, told no more than it needs."""

import pytest

from chalicelib.channels.dialer import ConnectDialer
from chalicelib.domain.contact import NotSent

WHERE = {"instance": "i-1", "flow": "f-1", "number": "+525512340000"}
NAMED = {
    "InstanceId": "i-1",
    "SearchCriteria": {
        "StringCondition": {
            "FieldName": "Username",
            "Value": "ana@agencia.mx",
            "ComparisonType": "EXACT",
        }
    },
    "MaxResults": 1,
}
RUNG = {
    "InstanceId": "i-1",
    "ContactFlowId": "f-1",
    "SourcePhoneNumber": "+525512340000",
    "DestinationPhoneNumber": "+525512345678",
    "RingTimeoutInSeconds": 40,
    "ClientToken": "att_1",
    "Attributes": {"agent": "u-7", "reference": "att_1"},
}


def ring(dialer, agent="ana@agencia.mx"):
    return dialer.ring("+525512345678", agent=agent, reference="att_1")


def test_the_debtor_is_rung_for_the_agent_who_called(stubbed):
    client, stub = stubbed("connect")
    stub.add_response("search_users", {"Users": [{"Id": "u-7"}]}, NAMED)
    stub.add_response("start_outbound_voice_contact", {"ContactId": "c-1"}, RUNG)
    stub.add_response("start_outbound_voice_contact", {"ContactId": "c-2"}, RUNG)
    dialer = ConnectDialer(client, **WHERE)

    assert [ring(dialer), ring(dialer)] == ["c-1", "c-2"]  # the agent is looked up once

    stub.assert_no_pending_responses()


def test_who_is_no_user_of_the_instance_rings_nobody(stubbed):
    client, stub = stubbed("connect")
    stub.add_response("search_users", {"Users": []}, NAMED)

    with pytest.raises(NotSent) as refused:
        ring(ConnectDialer(client, **WHERE))

    assert refused.value.code == "agent_unknown"


@pytest.mark.parametrize(("error", "code"), [
    ("DestinationNotAllowedException", "invalid_recipient"),
    ("OutboundContactNotPermittedException", "sender_missing"),
    ("LimitExceededException", "throttled"),
    ("ThrottlingException", "throttled"),
    ("InvalidParameterException", "rejected"),
    ("InvalidRequestException", "rejected"),
    ("ResourceNotFoundException", "sender_missing"),
    ("AccessDeniedException", "sender_missing"),
    ("InternalServiceException", "unavailable"),
])  # fmt: skip
@pytest.mark.parametrize("at", ["search_users", "start_outbound_voice_contact"])
def test_refusals_have_codes(stubbed, error, code, at):
    client, stub = stubbed("connect")
    if at != "search_users":
        stub.add_response("search_users", {"Users": [{"Id": "u-7"}]}, NAMED)
    stub.add_client_error(at, error, http_status_code=400)

    with pytest.raises(NotSent) as refused:
        ring(ConnectDialer(client, **WHERE))

    assert refused.value.code == code
