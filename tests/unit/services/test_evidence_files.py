"""What is kept of a file that speaks in a dispute."""

import io

import pytest
from PIL import Image

from chalicelib.domain.errors import BadField
from chalicelib.services import evidence_files

WHERE = b"GPS 19.4326 -99.1332 Telefono de Ana"


def a_jpeg(more: bytes = b"") -> bytes:
    """A JPEG with EXIF, a comment and *more* application data."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = WHERE.decode()
    Image.new("RGB", (8, 8), "red").save(out, "JPEG", exif=exif, comment=WHERE)
    body = out.getvalue()
    return body[:2] + more + body[2:]


def a_png() -> bytes:
    from PIL.PngImagePlugin import PngInfo

    out, told = io.BytesIO(), PngInfo()
    told.add_text("Comment", WHERE.decode())
    Image.new("RGB", (8, 8), "blue").save(out, "PNG", pnginfo=told)
    return out.getvalue()


def a_webp() -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = WHERE.decode()
    Image.new("RGB", (8, 8), "green").save(out, "WEBP", exif=exif)
    return out.getvalue()


def pixels(body):
    with Image.open(io.BytesIO(body)) as image:
        return image.convert("RGB").tobytes()


@pytest.mark.parametrize(
    ("make", "media_type"),
    [(a_jpeg, "image/jpeg"), (a_png, "image/png"), (a_webp, "image/webp")],
)
def test_a_photo_keeps_its_picture_and_loses_what_the_camera_said(make, media_type):
    body = make()

    kind, kept = evidence_files.read(body)

    assert kind == media_type
    assert WHERE in body
    assert WHERE not in kept
    assert pixels(kept) == pixels(body)


def test_other_application_data_goes_too():
    _, kept = evidence_files.read(a_jpeg(b"\xff\xed\x00\x06Ana!"))

    assert b"Ana!" not in kept


def test_what_follows_a_png_is_dropped():
    _, kept = evidence_files.read(a_png() + b"PK\x03\x04")

    assert kept.endswith(b"IEND\xaeB`\x82")


def test_a_pdf_is_kept_as_it_is():
    assert evidence_files.read(b"%PDF-1.7\n...") == ("application/pdf", b"%PDF-1.7\n...")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "missing"),
        (b"<svg onload=alert(1)>", "not_one_of"),
        (b"GIF89a", "not_one_of"),
        (a_jpeg()[:40], "bad_format"),
        (a_png()[:30], "bad_format"),
        (a_webp()[:24], "bad_format"),
        (b"%PDF-" + bytes(evidence_files.MOST_BYTES), "too_large"),
    ],
)
def test_what_is_no_picture_or_paper_is_refused(body, reason):
    with pytest.raises(BadField) as refused:
        evidence_files.read(body)

    assert refused.value.details["reason"] == reason
