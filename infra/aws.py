"""One door to AWS, or to the emulator that stands in for it."""

from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

LOCAL_REGION = "us-east-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """
    Args:
        endpoint: The emulator's base URL; None is AWS with the caller's own credentials.
        dynamodb: Another endpoint for DynamoDB alone (DynamoDB Local under the same stack).
    """

    region: str = LOCAL_REGION
    endpoint: str | None = None
    dynamodb: str | None = None

    def client(self, service: str, region: str | None = None) -> Any:
        """A client of *service*; *region* only where a service lives in one of its own."""
        if self.endpoint is None:
            return boto3.client(service, region_name=region or self.region)
        return boto3.client(
            service,
            region_name=region or self.region,
            endpoint_url=self.dynamodb
            if service == "dynamodb" and self.dynamodb
            else self.endpoint,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106 (the emulator's own, public)
            config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 2}),
        )

    @property
    def local(self) -> bool:
        return self.endpoint is not None

    def account(self) -> str:
        account: str = self.client("sts").get_caller_identity()["Account"]
        return account
