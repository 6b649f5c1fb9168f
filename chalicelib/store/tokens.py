"""Service tokens, as rows of the work table: the record, and the way to it from the hash."""

from datetime import datetime

from pynamodb.attributes import UnicodeAttribute, UTCDateTimeAttribute
from pynamodb.exceptions import UpdateError
from pynamodb.transactions import TransactWrite

from chalicelib.domain.people import AuditEvent, ServiceToken, TokenUse
from chalicelib.store import audit as audit_rows
from chalicelib.store.work_table import WorkRow, connection


class TokenRow(WorkRow):
    """``P#<portfolio_id>`` / ``TOKEN#<token_id>``."""

    name = UnicodeAttribute()
    token_hash = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    created_by = UnicodeAttribute()
    # Rows from before tokens had a use are of uploads, without an end.
    use = UnicodeAttribute(null=True)
    until = UTCDateTimeAttribute(null=True)
    last_used_at = UTCDateTimeAttribute(null=True)
    revoked_at = UTCDateTimeAttribute(null=True)


class TokenHashRow(WorkRow):
    """``TOKEN#<sha256 of the token>`` / ``-``; gone when the token is revoked."""

    portfolio_id = UnicodeAttribute()
    token_id = UnicodeAttribute()


class TokenStore:
    def add(self, token: ServiceToken, *, token_hash: str, audit: AuditEvent) -> None:
        row = TokenRow(
            f"P#{token.portfolio_id}",
            f"TOKEN#{token.token_id}",
            name=token.name,
            token_hash=token_hash,
            created_at=token.created_at,
            created_by=token.created_by,
            use=token.use.value,
            until=token.until,
        )
        pointer = TokenHashRow(
            f"TOKEN#{token_hash}", "-", portfolio_id=token.portfolio_id, token_id=token.token_id
        )
        with TransactWrite(connection=connection()) as write:
            write.save(row, condition=TokenRow.pk.does_not_exist())
            write.save(pointer, condition=TokenHashRow.pk.does_not_exist())
            write.save(audit_rows.row_of(audit))

    def by_hash(self, token_hash: str) -> ServiceToken | None:
        try:
            pointer = TokenHashRow.get(f"TOKEN#{token_hash}", "-", consistent_read=True)
        except TokenHashRow.DoesNotExist:
            return None
        return self.get(pointer.portfolio_id, pointer.token_id)

    def get(self, portfolio_id: str, token_id: str) -> ServiceToken | None:
        try:
            row = TokenRow.get(f"P#{portfolio_id}", f"TOKEN#{token_id}", consistent_read=True)
        except TokenRow.DoesNotExist:
            return None
        return _token(row)

    def of_portfolio(self, portfolio_id: str) -> list[ServiceToken]:
        rows = TokenRow.query(f"P#{portfolio_id}", TokenRow.sk.startswith("TOKEN#"))
        return [_token(row) for row in rows]

    def revoke(self, token: ServiceToken, *, audit: AuditEvent, now: datetime) -> None:
        key = (f"P#{token.portfolio_id}", f"TOKEN#{token.token_id}")
        row = TokenRow.get(*key, consistent_read=True)
        with TransactWrite(connection=connection()) as write:
            write.update(TokenRow(*key), actions=[TokenRow.revoked_at.set(now)])
            write.delete(TokenHashRow(f"TOKEN#{row.token_hash}", "-"))
            write.save(audit_rows.row_of(audit))

    def note_use(self, token: ServiceToken, *, now: datetime) -> None:
        try:
            TokenRow(f"P#{token.portfolio_id}", f"TOKEN#{token.token_id}").update(
                actions=[TokenRow.last_used_at.set(now)], condition=TokenRow.pk.exists()
            )
        except UpdateError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise


def _token(row: TokenRow) -> ServiceToken:
    return ServiceToken(
        token_id=row.sk.removeprefix("TOKEN#"),
        portfolio_id=row.pk.removeprefix("P#"),
        name=row.name,
        created_at=row.created_at,
        created_by=row.created_by,
        use=TokenUse(row.use or TokenUse.UPLOADS),
        until=row.until,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )
