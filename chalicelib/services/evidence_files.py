"""
Files that speak in a dispute: what they are by their bytes, and without what a camera adds.

A photo says where and when it was taken and with which telephone; nobody asked for that. The
pixels stay as they are: nothing is decoded, so nothing can go wrong in decoding.
"""

from collections.abc import Iterator

from chalicelib.domain.errors import BadField

# Lambda takes requests of 6 MB; in base 64 a file is a third larger.
MOST_BYTES = 3 * 1024 * 1024
JPEG, PNG, WEBP, PDF = "image/jpeg", "image/png", "image/webp", "application/pdf"
EXTENSIONS = {JPEG: "jpg", PNG: "png", WEBP: "webp", PDF: "pdf"}
# What a picture needs to be drawn right: JFIF's and Adobe's headers of a JPEG.
_JPEG_KEPT = frozenset({0xE0, 0xEE})
_JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length
_PNG_DROPPED = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})
_WEBP_DROPPED = frozenset({b"EXIF", b"XMP "})
_WEBP_FLAGS = 0b0000_1100  # of VP8X: that there is EXIF, that there is XMP


def read(body: bytes, *, most: int = MOST_BYTES) -> tuple[str, bytes]:
    """
    Say what a file is, and give it without a photo's metadata.

    Args:
        most: Bytes it may have.

    Returns:
        (media type, bytes to keep).

    Raises:
        BadField: Empty, larger than *most*, or no JPEG, PNG, WebP or PDF.
    """
    if not body:
        raise BadField(field="file", reason="missing")
    if len(body) > most:
        raise BadField(field="file", reason="too_large", most=most)
    try:
        if body.startswith(b"\xff\xd8\xff"):
            return JPEG, b"".join(_jpeg(body))
        if body.startswith(b"\x89PNG\r\n\x1a\n"):
            return PNG, b"".join(_png(body))
        if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
            return WEBP, _webp(body)
    except (IndexError, ValueError):
        raise BadField(field="file", reason="bad_format") from None
    if body.startswith(b"%PDF-"):
        return PDF, body
    raise BadField(field="file", reason="not_one_of", choices=sorted(EXTENSIONS))


def _jpeg(body: bytes) -> Iterator[bytes]:
    """The segments up to the picture's own data, without comments and application data."""
    yield body[:2]
    at = 2
    while True:
        if body[at] != 0xFF:
            raise ValueError("no marker")
        marker = body[at + 1]
        if marker == 0xFF:  # padding
            at += 1
            continue
        if marker in _JPEG_BARE:
            yield body[at : at + 2]
            at += 2
            continue
        end = at + 2 + int.from_bytes(body[at + 2 : at + 4], "big")
        if end > len(body) or end < at + 4:
            raise ValueError("cut short")
        if marker == 0xDA:  # the scan: from here on it is the picture
            yield body[at:]
            return
        application = 0xE0 <= marker <= 0xEF and marker not in _JPEG_KEPT
        if not application and marker != 0xFE:
            yield body[at:end]
        at = end


def _png(body: bytes) -> Iterator[bytes]:
    yield body[:8]
    at = 8
    while at < len(body):
        name = body[at + 4 : at + 8]
        end = at + 12 + int.from_bytes(body[at : at + 4], "big")
        if end > len(body):
            raise ValueError("cut short")
        if name not in _PNG_DROPPED:
            yield body[at:end]
        at = end
        if name == b"IEND":  # what follows is no picture
            return


def _webp(body: bytes) -> bytes:
    kept = b"WEBP"
    at = 12
    while at + 8 <= len(body):
        name, size = body[at : at + 4], int.from_bytes(body[at + 4 : at + 8], "little")
        end = at + 8 + size + size % 2
        if end > len(body):
            raise ValueError("cut short")
        chunk = body[at:end]
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~_WEBP_FLAGS]) + chunk[9:]
        if name not in _WEBP_DROPPED:
            kept += chunk
        at = end
    return b"RIFF" + len(kept).to_bytes(4, "little") + kept
