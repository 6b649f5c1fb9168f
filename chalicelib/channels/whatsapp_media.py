"""Photos and documents that came by WhatsApp: fetched from Meta into our bucket, as proof."""

from dataclasses import replace
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.domain.contact import Inbound

FOLDER = "inbound"
GONE = frozenset({"ResourceNotFoundException", "InvalidParametersException", "ValidationException"})


class WhatsAppMedia:
    """
    Args:
        client: A ``socialmessaging`` client.
        s3: An ``s3`` client of the same role: the service writes with the caller's rights.
        number_id: AWS' id of our number where the message does not name it.
    """

    def __init__(self, client: Any, s3: Any, *, bucket: str, number_id: str) -> None:
        self._client, self._s3 = client, s3
        self._bucket, self._number_id = bucket, number_id

    def fetched(self, said: Inbound) -> Inbound:
        """
        Give the message with keys of our bucket in place of Meta's ids.

        Safe to repeat: the same keys are written again. What Meta no longer has (30 days) is
        left out and noted, so that the words that came along are still heard.
        """
        if not said.media:
            return said
        number = said.extras.get("number_id") or self._number_id
        kept: list[tuple[str, str]] = []
        for media_type, media_id in said.media:
            key = self._fetch(media_id, number, f"{FOLDER}/{said.provider_id}/")
            if key:
                kept.append((media_type, key))
        lost = len(said.media) - len(kept)
        extras = said.extras | ({"media_lost": str(lost)} if lost else {})
        return replace(said, media=tuple(kept), extras=extras)

    def _fetch(self, media_id: str, number: str, prefix: str) -> str:
        try:
            self._client.get_whatsapp_message_media(
                mediaId=media_id,
                originationPhoneNumberId=number,
                destinationS3File={"bucketName": self._bucket, "key": prefix},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in GONE:
                return ""
            raise
        # The service adds an extension of its choice to the id.
        listed = self._s3.list_objects_v2(
            Bucket=self._bucket, Prefix=f"{prefix}{media_id}", MaxKeys=1
        )
        found = listed.get("Contents", [])
        return str(found[0]["Key"]) if found else ""
