"""Who may come in, and what they are called."""

from __future__ import annotations

import functools

from chalicelib.config import settings
from chalicelib.lazily import lazily
from chalicelib.wiring.clients import aws, bind_work_table, wire

with lazily():
    from chalicelib.store import access_log as access_rows
    from chalicelib.store import access_tokens as token_checks
    from chalicelib.store import identity as pool
    from chalicelib.store import notice_boxes as box_rows
    from chalicelib.store import people as person_rows
    from chalicelib.store import tokens as token_rows


def people() -> person_rows.PersonStore:
    bind_work_table()
    return person_rows.PersonStore()


@functools.cache
def access_log() -> access_rows.AccessLogStore:
    return access_rows.AccessLogStore(wire(), settings().work_table)


def tokens() -> token_rows.TokenStore:
    bind_work_table()
    return token_rows.TokenStore()


@functools.cache
def notice_boxes() -> box_rows.NoticeBoxStore:
    """What people are still to be told by e-mail."""
    return box_rows.NoticeBoxStore(wire(), settings().work_table)


@functools.cache
def identity() -> pool.CognitoIdentity:
    return pool.CognitoIdentity(
        aws("cognito-idp"),
        pool_id=settings().user_pool_id,
        client_id=settings().user_pool_client_id,
    )


@functools.cache
def access_tokens() -> token_checks.AccessTokens:
    """One per process: it remembers the pool's public keys."""
    return token_checks.AccessTokens(
        issuer=settings().token_issuer,
        client_id=settings().user_pool_client_id,
        keys=lambda: token_checks.fetch_keys(settings().jwks_url),
    )


def actor_names(actor_ids: set[str]) -> dict[str, str]:
    """Name the people among *actor_ids*, for timelines and ledgers."""
    people_ids = {one: one.removeprefix("user:") for one in actor_ids if one.startswith("user:")}
    known = people().names(people_ids.values())
    return {one: known[person] for one, person in people_ids.items() if person in known}
