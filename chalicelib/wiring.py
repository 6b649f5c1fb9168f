"""Where real stores meet the code that needs them. The only module that knows both."""

import functools
from typing import Any

from chalicelib.config import settings
from chalicelib.store import repeats as repeat_rows
from chalicelib.store import work_table
from chalicelib.store.access_tokens import AccessTokens, fetch_keys
from chalicelib.store.identity import CognitoIdentity
from chalicelib.store.media import MediaStore
from chalicelib.store.people import PersonStore
from chalicelib.store.portfolios import PortfolioStore
from chalicelib.store.repeats import RepeatStore
from chalicelib.store.tokens import TokenStore


@functools.cache
def aws(service: Any) -> Any:
    """Make a boto3 client once per process, when it is first needed."""
    import boto3
    from botocore.config import Config

    # API Gateway hangs up after 29 s; boto3 alone would wait 60 s for one read.
    config = Config(connect_timeout=2, read_timeout=10, retries={"mode": "standard"})
    return boto3.client(service, region_name=settings().region, config=config)


@functools.cache
def _work_bound() -> None:
    work_table.bind(settings().work_table)


def people() -> PersonStore:
    _work_bound()
    return PersonStore()


def portfolios() -> PortfolioStore:
    _work_bound()
    return PortfolioStore()


def tokens() -> TokenStore:
    _work_bound()
    return TokenStore()


@functools.cache
def identity() -> CognitoIdentity:
    return CognitoIdentity(
        aws("cognito-idp"),
        pool_id=settings().user_pool_id,
        client_id=settings().user_pool_client_id,
    )


@functools.cache
def access_tokens() -> AccessTokens:
    """One per process: it remembers the pool's public keys."""
    return AccessTokens(
        issuer=settings().token_issuer,
        client_id=settings().user_pool_client_id,
        keys=lambda: fetch_keys(settings().jwks_url),
    )


@functools.cache
def media() -> MediaStore:
    return MediaStore(aws("s3"), bucket=settings().site_bucket)


@functools.cache
def repeats() -> RepeatStore:
    repeat_rows.bind(settings().idempotency_table)
    return RepeatStore()
