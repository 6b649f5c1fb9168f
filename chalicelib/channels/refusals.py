"""What AWS' refusals mean for a message: the stable codes of ``NotSent``."""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ParamValidationError,
)

from chalicelib.domain.contact import NotSent

THROTTLED = frozenset(
    {
        "ThrottlingException",
        "ThrottledRequestException",
        "TooManyRequestsException",
        "ServiceQuotaExceededException",
        "LimitExceededException",
    }
)
NOT_NOW = frozenset({"AccountSuspendedException", "SendingPausedException"})
NO_SENDER = frozenset(
    {
        "AccessDeniedException",
        "AccessDeniedByMetaException",
        "MailFromDomainNotVerifiedException",
        "NotFoundException",
        "ResourceNotFoundException",
    }
)
REFUSED = frozenset(
    {
        "BadRequestException",
        "ConflictException",
        "InvalidParametersException",
        "MessageRejected",
        "ValidationException",
    }
)


@contextlib.contextmanager
def told(reasons: Mapping[str, str] | None = None) -> Iterator[None]:
    """
    Turn the refusals of an AWS service into ``NotSent``.

    Args:
        reasons: Code by the service's own reason, by words of its message or by a field that
            it names, for refusals that say more than their class does; the first that fits.

    Raises:
        NotSent: The message surely did not go. Whatever else was raised passes unchanged.
    """
    try:
        yield
    except (EndpointConnectionError, ConnectTimeoutError) as error:
        raise NotSent("unavailable", retry=True) from error
    except ParamValidationError as error:  # botocore refused it before anything was sent
        raise NotSent("rejected") from error
    except ClientError as error:
        refusal = _refusal(error, reasons or {})
        if refusal is None:
            raise
        raise refusal from error


def _refusal(error: ClientError, reasons: Mapping[str, str]) -> NotSent | None:
    code = str(error.response.get("Error", {}).get("Code", ""))
    if code in THROTTLED:
        return NotSent("throttled", retry=True)
    if code in NOT_NOW:
        return NotSent("unavailable", retry=True)
    if code in NO_SENDER:
        return NotSent("sender_missing")
    if code not in REFUSED:
        return None
    answer: Mapping[str, Any] = error.response
    fields = [field.get("Name", "") for field in answer.get("Fields", [])]
    said = " ".join([answer.get("Reason", ""), str(answer["Error"].get("Message")), *fields])
    for words, meaning in reasons.items():
        if words in said:
            return NotSent(meaning)
    return NotSent("rejected")
