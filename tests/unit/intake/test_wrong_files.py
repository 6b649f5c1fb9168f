"""What people drop by mistake is refused with the reason, not read as a strange table."""

import io
import random
import zipfile

import pytest

from chalicelib.i18n.wording import LANGUAGES
from chalicelib.intake.cells import UnreadableFile
from chalicelib.intake.inspection import inspect
from chalicelib.intake.texts import texts

NOISE = random.Random(7).randbytes(40_000)  # noqa: S311 - a picture, not a secret
OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def a_zip(name):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "<a")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "empty", id="nothing"),
        pytest.param(b"\r\n  \r\n", "empty", id="blank lines"),
        pytest.param(b"\xff\xd8\xff\xe0" + NOISE, "not_a_table", id="a photo"),
        pytest.param(b"Folio;Saldo\n" + NOISE, "not_a_table", id="bytes nobody typed"),
        pytest.param(b"%PDF-1.7\n1 0 obj\n", "not_a_table", id="a PDF"),
        pytest.param(a_zip("word/document.xml"), "not_a_table", id="a Word document"),
        pytest.param(a_zip("xl/workbook.xml"), "damaged", id="half a workbook"),
        pytest.param(
            OFFICE + NOISE + "EncryptedPackage".encode("utf-16-le") + NOISE,
            "encrypted",
            id="a workbook under a password",
        ),
        pytest.param(OFFICE + NOISE, "damaged", id="half an old workbook"),
        pytest.param(b"<html><table><tr><td>Saldo", "html", id="a page named .xls"),
    ],
)
def test_a_wrong_file_says_what_is_wrong_with_it(content, reason):
    with pytest.raises(UnreadableFile) as refused:
        inspect(io.BytesIO(content), mode="debts", country="MX", currency="MXN")

    assert refused.value.details == {"reason": reason}
    assert all(f"intake.unreadable.{reason}" in texts(language) for language in LANGUAGES)


def test_tabs_and_page_breaks_are_typed():
    table = b"Folio\tVence\tSaldo\n" + b"F-1\t2026-10-01\t10.00\x0c\n" * 40

    found = inspect(io.BytesIO(table), mode="debts", country="MX", currency="MXN")

    assert found["rows"] == 40
