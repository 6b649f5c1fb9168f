"""Kept connections: answers in every form a service may give them, and lines that went dead."""

import ipaddress
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from chalicelib.store.lines import LineLost, Lines

PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class Service:
    """Answers what it was told to, one list a connection; an empty list hangs up at once."""

    def __init__(self, *connections: list[bytes], tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[bytes] = []
        self.accepted = 0
        self._connections = connections
        self._tls = tls
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def ended(self) -> None:
        self._thread.join()

    def _serve(self) -> None:
        for answers in self._connections:
            accepted, _ = self._listening.accept()
            self.accepted += 1
            try:
                line = self._tls.wrap_socket(accepted, server_side=True) if self._tls else accepted
            except OSError:  # the client does not trust us
                accepted.close()
                continue
            with line, line.makefile("rb") as asked:
                for answer in answers:
                    self._read(asked)
                    line.sendall(answer)
        self._listening.close()

    def _read(self, asked) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += asked.readline()
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        self.asked.append(head + asked.read(length))


@contextmanager
def lines_to(*connections: list[bytes]) -> Iterator[tuple[Lines, Service]]:
    service = Service(*connections)
    yield Lines(f"http://127.0.0.1:{service.port}", most=1), service
    service.ended()


def test_a_request_says_what_http_asks_and_the_line_is_kept():
    with lines_to([PLAIN, PLAIN]) as (lines, service):
        assert lines.post("Host: x\r\n", b"ab") == (200, b"{}")
        assert lines.post("Host: x\r\n", b"") == (200, b"{}")
    assert service.asked[0] == b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab"
    assert service.accepted == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 100 Continue\r\n\r\n" + PLAIN,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n"
        b"1;x=y\r\n{\r\n1\r\n}\r\n0\r\nA: b\r\n\r\n",
        b"HTTP/1.1 200\r\ncontent-length:2\r\n\r\n{}",
    ],
)
def test_an_answer_is_read_in_every_form_and_no_further(answer):
    with lines_to([answer, PLAIN]) as (lines, service):
        assert [lines.post("", b""), lines.post("", b"")] == [(200, b"{}")] * 2
    assert service.accepted == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 500 No\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno",
        b"HTTP/1.0 500 No\r\nContent-Length: 2\r\n\r\nno",
        b"HTTP/1.1 500 No\r\n\r\nno",
    ],
)
def test_a_line_that_ends_with_its_answer_is_not_used_again(answer):
    with lines_to([answer], [PLAIN]) as (lines, service):
        assert lines.post("", b"") == (500, b"no")
        assert lines.post("", b"") == (200, b"{}")
    assert service.accepted == 2


def test_a_line_that_was_hung_up_meanwhile_is_made_anew():
    with lines_to([PLAIN], [PLAIN]) as (lines, service):
        lines.post("", b"")
        while lines._idle[0].quiet():  # until the hanging up has arrived
            pass
        assert lines.post("", b"") == (200, b"{}")
    assert service.accepted == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}",
        b"something else\r\n\r\n",
    ],
)
def test_half_an_answer_is_none(answer):
    with lines_to([answer], [PLAIN]) as (lines, _):
        with pytest.raises(LineLost):
            lines.post("", b"")
        assert lines.post("", b"") == (200, b"{}")


def test_nobody_there_is_a_lost_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(LineLost):
        Lines(f"http://127.0.0.1:{port}", most=1).post("", b"")


def test_a_service_is_trusted_by_its_certificate_only(tmp_path, monkeypatch):
    trusted = certificate(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(trusted)
    service = Service([PLAIN], [PLAIN, PLAIN], tls=tls)
    url = f"https://127.0.0.1:{service.port}"

    with pytest.raises(LineLost):
        Lines(url, most=1).post("", b"")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    lines = Lines(url, most=1)

    assert [lines.post("", b""), lines.post("", b"")] == [(200, b"{}")] * 2
    service.ended()


def certificate(folder: Path) -> Path:
    """A key and a certificate for this machine that it has signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "here")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "here.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path
