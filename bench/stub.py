"""A DynamoDB that answers at once and keeps nothing: what is left is the client's own cost."""

import contextlib
import multiprocessing
import socket
from collections.abc import Iterator

_ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: 2\r\n\r\n{}"
)


def _serve(listening: socket.socket) -> None:
    """Answer one connection after another; a client under measure keeps one open."""
    while True:
        connection, _ = listening.accept()
        with connection:
            pending = b""
            while more := connection.recv(1 << 20):
                pending += more
                while (end := pending.find(b"\r\n\r\n")) >= 0:
                    head = pending[:end].lower()
                    mark = head.index(b"content-length:") + 15
                    whole = end + 4 + int(head[mark:].split(b"\r\n", 1)[0])
                    if len(pending) < whole:
                        break
                    pending = pending[whole:]
                    connection.sendall(_ANSWER)


@contextlib.contextmanager
def endpoint() -> Iterator[str]:
    """Run the stub in a process of its own; gives its URL."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = multiprocessing.get_context("fork").Process(
            target=_serve, args=(listening,), daemon=True
        )
        server.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.terminate()
            server.join()
