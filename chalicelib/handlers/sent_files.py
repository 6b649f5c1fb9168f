"""Files in the body of a request: base 64, as JSON needs it."""

import base64

from chalicelib.domain.errors import BadField


def content(text: str, field: str = "content") -> bytes:
    """
    Read a file out of a field.

    Raises:
        BadField: It is no base 64: *field*.

    >>> content("aG9sYQ==")
    b'hola'
    """
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:  # binascii's own is one; letters beyond ASCII raise the plain one
        raise BadField(field=field, reason="bad_format") from None
