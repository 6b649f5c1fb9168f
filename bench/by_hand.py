"""
The client that floors are measured with: requests signed by hand, sent with urllib3.

It is what the budgets were set against (45 % of it, for the writing of an upload), so it stays as
it was, however quick the project's own client becomes.
"""

import urllib3

from chalicelib.store.wire import Credentials, Wire
from tests import engines


class ByHand(Wire):
    def __init__(self, endpoint: str) -> None:
        super().__init__(
            endpoint=endpoint,
            region=engines.REGION,
            credentials=lambda: Credentials("test", "test", "a-session-token"),
        )
        self._http = urllib3.connection_from_url(endpoint, retries=False)

    def _send(self, operation: str, data: bytes) -> tuple[int, bytes]:
        signed = self._signed(f"DynamoDB_20120810.{operation}", data)
        headers = dict(line.split(": ", 1) for line in signed.splitlines())
        answer = self._http.urlopen("POST", "/", body=data, headers=headers)
        return answer.status, answer.data
