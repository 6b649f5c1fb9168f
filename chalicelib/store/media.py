"""Logos: images that a browser sends straight to the site's bucket."""

from typing import Any

FORM_LASTS_S = 600


class MediaStore:
    """
    Args:
        client: A boto3 ``s3`` client.
        public_url: Where a browser reaches S3 instead of the bucket's own address.
    """

    def __init__(self, client: Any, *, bucket: str, public_url: str | None) -> None:
        self._client = client
        self._bucket = bucket
        self._public_url = public_url

    def form(self, key: str, *, content_type: str, max_bytes: int) -> dict[str, Any]:
        """Presign a POST of one image: this key, this type, no larger than *max_bytes*."""
        rules = {"Content-Type": content_type, "Cache-Control": "public, max-age=31536000"}
        form = self._client.generate_presigned_post(
            Bucket=self._bucket,
            Key=key,
            Fields=rules,
            Conditions=[
                *({name: value} for name, value in rules.items()),
                ["content-length-range", 1, max_bytes],
            ],
            ExpiresIn=FORM_LASTS_S,
        )
        url = form["url"] if self._public_url is None else f"{self._public_url}/{self._bucket}"
        return {"url": url, "fields": form["fields"]}
