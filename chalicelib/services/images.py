"""Small images that the public site shows: logos, photos of agents."""

import hashlib
import re
from typing import Protocol

from chalicelib.domain.errors import BadField

# By their first bytes. No SVG: it may carry scripts, and these are of the site's origin.
TYPES = {
    "image/png": ("png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    "image/jpeg": ("jpg", re.compile(rb"\xff\xd8\xff")),
    "image/webp": ("webp", re.compile(rb"RIFF....WEBP", re.DOTALL)),
}
MAX_BYTES = 128 * 1024


class Media(Protocol):
    def put(self, key: str, image: bytes, *, content_type: str) -> None: ...


def publish(image: bytes, *, prefix: str, media: Media) -> str:
    """
    Put an image where anybody can see it, and give its key.

    Its name is made of its content, so that caches may keep it for ever.

    Args:
        prefix: What the name begins with, such as ``people/``.

    Raises:
        BadField: Not a PNG, JPEG or WebP, or larger than ``MAX_BYTES``.
    """
    if len(image) > MAX_BYTES:
        raise BadField(field="image", reason="too_large", most=MAX_BYTES)
    found = next((kind for kind, (_, begins) in TYPES.items() if begins.match(image)), None)
    if found is None:
        raise BadField(field="image", reason="not_one_of", choices=sorted(TYPES))
    digest = hashlib.sha256(image).hexdigest()[:20]
    key = f"media/{prefix}{digest}.{TYPES[found][0]}"
    media.put(key, image, content_type=found)
    return key
