"""Logos: images in the public site's bucket."""

from typing import Any


class MediaStore:
    """
    Args:
        client: A boto3 ``s3`` client.
    """

    def __init__(self, client: Any, *, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, key: str, image: bytes, *, content_type: str) -> None:
        """Publish an image whose name changes with its content."""
        self._client.put_object(
            Bucket=self._bucket,
            Key=key,
            Body=image,
            ContentType=content_type,
            CacheControl="public, max-age=31536000, immutable",
        )
