"""Objects in a bucket: forms and links for browsers, ranged reading, writing in parts."""

import contextlib
import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Protocol, cast
from urllib.parse import quote, urlsplit

from botocore.exceptions import ClientError

from chalicelib.domain.errors import FileInfected
from chalicelib.domain.scan import DRAWN, Given, Scan, ScanState, Wanted, from_outside

READ_AHEAD = 4 << 20
SIDE_BY_SIDE = 8
_ABSENT = ("404", "NoSuchKey", "NotFound")


# What a browser may draw, by the ending that we gave a key after looking at the bytes.
_DRAWN = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "pdf": "application/pdf",
}


def _type_of(key: str) -> str:
    return _DRAWN.get(key.rpartition(".")[2].lower(), "")


class Scans(Protocol):
    def get(self, keys: list[str]) -> Mapping[str, Scan]:
        """Find what a scanner said of objects."""
        ...


class Listed(NamedTuple):
    """An object: its size in bytes, and a tag that changes whenever it is written."""

    key: str
    size: int
    tag: str


class RangedObject(io.RawIOBase):
    """
    An object read in ranges, as if it were a local file.

    Every read is one request, so wrap it in ``io.BufferedReader``.
    """

    def __init__(self, client: Any, bucket: str, key: str, size: int) -> None:
        self._client, self._bucket, self._key = client, bucket, key
        self._size, self._at = size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        end = min(self._at + len(buffer), self._size)
        if end <= self._at:
            return 0
        answer = self._client.get_object(
            Bucket=self._bucket, Key=self._key, Range=f"bytes={self._at}-{end - 1}"
        )
        body = answer["Body"].read()
        buffer[: len(body)] = body
        self._at += len(body)
        return len(body)


class BucketFiles:
    """
    The objects of one bucket.

    Args:
        client: A boto3 S3 client.
        public_url: Base under which browsers reach the bucket's host, when that is not the
            host AWS gives (the laptop's front door); None in the cloud.
        scans: What a scanner said of what came from outside; None where none looks.
    """

    def __init__(
        self,
        client: Any,
        bucket: str,
        *,
        public_url: str | None = None,
        scans: Scans | None = None,
    ) -> None:
        self._client, self._bucket, self._scans = client, bucket, scans
        self._public_url = public_url.rstrip("/") if public_url else None

    def post_form(
        self,
        key: str,
        *,
        max_bytes: int,
        expires_s: int,
        min_bytes: int = 1,
        content_type: str = "",
        redirect: str = "",
    ) -> dict[str, Any]:
        """
        Make a form by which a browser sends one object.

        Args:
            redirect: Where the browser goes when it is there; without, the answer is a plain 201.
        """
        fixed = {"success_action_status": "201"}
        if redirect:
            fixed = {"success_action_redirect": redirect}
        if content_type:
            fixed["Content-Type"] = content_type
        form = self._client.generate_presigned_post(
            self._bucket,
            key,
            Fields=dict(fixed),
            Conditions=[
                *({name: value} for name, value in fixed.items()),
                ["content-length-range", min_bytes, max_bytes],
            ],
            ExpiresIn=expires_s,
        )
        if self._public_url:
            form["url"] = f"{self._public_url}/{self._bucket}"
        return {"url": form["url"], "fields": form["fields"]}

    def link(self, key: str, *, filename: str, expires_s: int) -> str:
        """
        Give an address from which a browser downloads the object.

        Raises:
            FileInfected: A scanner found malware in it.
        """
        return self._one(Wanted(key, filename), expires_s)

    def view(self, key: str, *, expires_s: int) -> str:
        """
        Give an address under which a browser shows the object: a picture or PDF, and told so.

        Anything else is bytes to it, whatever it was stored as: nothing of a file is run. What
        a scanner has not looked at yet is a download.

        Raises:
            FileInfected: A scanner found malware in it.
        """
        return self._one(Wanted(key, key.rpartition("/")[2], inline=True), expires_s)

    def given(self, wanted: Sequence[Wanted], *, expires_s: int) -> list[Given]:
        """Give what a page lists, each as far as a scanner lets it, in the same order."""
        states = self._states([one.key for one in wanted])
        return [
            Given(
                None
                if states[one.key] is ScanState.INFECTED
                else self._address(one, states[one.key], expires_s),
                states[one.key],
            )
            for one in wanted
        ]

    def _one(self, wanted: Wanted, expires_s: int) -> str:
        url = self.given([wanted], expires_s=expires_s)[0].url
        if url is None:
            raise FileInfected(reason="malware")
        return url

    def _states(self, keys: Sequence[str]) -> dict[str, ScanState]:
        asked = [key for key in keys if from_outside(key)] if self._scans else []
        known = self._scans.get(asked) if self._scans and asked else {}
        waiting = dict.fromkeys(asked, ScanState.WAITING)
        told = {key: one.state for key, one in known.items()}
        return dict.fromkeys(keys, ScanState.OFF) | waiting | told

    def _address(self, wanted: Wanted, state: ScanState, expires_s: int) -> str:
        known = _type_of(wanted.key)
        if wanted.inline and state in DRAWN:
            return self._get(
                wanted.key,
                expires_s,
                ResponseContentDisposition="inline",
                ResponseContentType=known or "application/octet-stream",
            )
        disposition = f"attachment; filename*=UTF-8''{quote(wanted.filename)}"
        told = {"ResponseContentType": known} if known else {}
        return self._get(wanted.key, expires_s, ResponseContentDisposition=disposition, **told)

    def _get(self, key: str, expires_s: int, **more: str) -> str:
        url = self._client.generate_presigned_url(
            "get_object",
            Params={"Bucket": self._bucket, "Key": key} | more,
            ExpiresIn=expires_s,
        )
        if self._public_url:
            return f"{self._public_url}/{self._bucket}/{quote(key)}?{urlsplit(url).query}"
        return str(url)

    def size(self, key: str) -> int | None:
        try:
            return int(self._client.head_object(Bucket=self._bucket, Key=key)["ContentLength"])
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return None
            raise

    def open(self, key: str) -> BinaryIO:
        size = self.size(key)
        if size is None:
            raise FileNotFoundError(key)
        raw = RangedObject(self._client, self._bucket, key, size)
        return cast(BinaryIO, io.BufferedReader(raw, READ_AHEAD))

    def read(self, key: str) -> bytes | None:
        try:
            body = self._client.get_object(Bucket=self._bucket, Key=key)["Body"]
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return None
            raise
        return bytes(body.read())

    def erase(self, key: str) -> None:
        """Take an object away for good, with every version of it. Safe to repeat."""
        more: dict[str, Any] = {}
        while True:
            answer = self._client.list_object_versions(Bucket=self._bucket, Prefix=key, **more)
            for one in (*answer.get("Versions", []), *answer.get("DeleteMarkers", [])):
                if one["Key"] == key:
                    self._client.delete_object(
                        Bucket=self._bucket, Key=key, VersionId=one["VersionId"]
                    )
            if not answer.get("IsTruncated"):
                return
            more = {
                "KeyMarker": answer["NextKeyMarker"],
                "VersionIdMarker": answer["NextVersionIdMarker"],
            }

    def erase_under(self, prefix: str) -> None:
        """Take all objects under a prefix away, with every version of each. Safe to repeat."""
        while True:
            # From the start each time: what was listed is gone by then.
            answer = self._client.list_object_versions(Bucket=self._bucket, Prefix=prefix)
            found = [*answer.get("Versions", []), *answer.get("DeleteMarkers", [])]
            for one in found:
                self._client.delete_object(
                    Bucket=self._bucket, Key=one["Key"], VersionId=one["VersionId"]
                )
            if not answer.get("IsTruncated"):
                return

    def remove(self, keys: Sequence[str]) -> None:
        """Take up to a thousand objects of a bucket without versions away. Safe to repeat."""
        if keys:
            self._client.delete_objects(
                Bucket=self._bucket,
                Delete={"Objects": [{"Key": key} for key in keys], "Quiet": True},
            )

    def keys(self, prefix: str, *, most: int) -> list[str]:
        """List the keys under a prefix in their order, up to *most*."""
        found: list[str] = []
        more: dict[str, Any] = {}
        while len(found) < most:
            answer = self._client.list_objects_v2(Bucket=self._bucket, Prefix=prefix, **more)
            found += [one["Key"] for one in answer.get("Contents", [])]
            if not answer.get("IsTruncated"):
                break
            more = {"ContinuationToken": answer["NextContinuationToken"]}
        return found[:most]

    def listing(self, prefix: str, *, after: str = "") -> Iterator[Listed]:
        """List the objects under a prefix in the order of their keys, those after *after*."""
        more = {"StartAfter": after} if after else {}
        pages = self._client.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self._bucket, Prefix=prefix, **more):
            for one in page.get("Contents", []):
                yield Listed(one["Key"], one["Size"], one["ETag"])

    def write(self, key: str, body: bytes, *, content_type: str = "application/json") -> None:
        self._client.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType=content_type)

    def write_many(self, objects: Iterable[tuple[str, bytes]]) -> None:
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            for written in [pool.submit(self.write, key, body) for key, body in objects]:
                written.result()

    def put_file(self, key: str, path: Path) -> None:
        self._client.upload_file(str(path), self._bucket, key)

    def get_file(self, key: str, path: Path) -> None:
        self._client.download_file(self._bucket, key, str(path))

    @contextlib.contextmanager
    def writer(self, key: str, *, content_type: str) -> Iterator[BinaryIO]:
        """Collect on disk and send when the block ends well; nothing is there if it does not."""
        with tempfile.TemporaryFile(prefix="recobro-") as scratch:
            yield cast(BinaryIO, scratch)
            scratch.seek(0)
            self._client.upload_fileobj(
                scratch, self._bucket, key, ExtraArgs={"ContentType": content_type}
            )

    # In parts, over several lives of a worker

    def begin(self, key: str, *, content_type: str) -> str:
        answer = self._client.create_multipart_upload(
            Bucket=self._bucket, Key=key, ContentType=content_type
        )
        return str(answer["UploadId"])

    def part(self, key: str, writing: str, number: int, body: bytes) -> str:
        """Send part *number* (from 1, 5 MB or more but for the last); returns its tag."""
        answer = self._client.upload_part(
            Bucket=self._bucket, Key=key, UploadId=writing, PartNumber=number, Body=body
        )
        return str(answer["ETag"])

    def end(self, key: str, writing: str, parts: Sequence[str]) -> None:
        """Make the parts one object. Safe to repeat: an object that is there stays."""
        tags = [{"PartNumber": number, "ETag": tag} for number, tag in enumerate(parts, 1)]
        try:
            self._client.complete_multipart_upload(
                Bucket=self._bucket, Key=key, UploadId=writing, MultipartUpload={"Parts": tags}
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchUpload" or self.size(key) is None:
                raise
