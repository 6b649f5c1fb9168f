"""A DynamoDB that answers at once and holds nothing: what is left is the client's own cost."""

import contextlib
import multiprocessing
import socketserver
from collections.abc import Iterator, Mapping

EMPTY = {
    b"BatchGetItem": b'{"Responses":{},"UnprocessedKeys":{}}',
    b"BatchWriteItem": b'{"UnprocessedItems":{}}',
    b"Query": b'{"Items":[],"Count":0}',
}
# What there is to get; set before the process that answers is forked.
ITEMS: dict[bytes, bytes] = {}


class _Answering(socketserver.StreamRequestHandler):
    """Answers one request after another; a client under measure keeps its connection open."""

    disable_nagle_algorithm = True

    def handle(self) -> None:
        while line := self.rfile.readline():
            length, operation = 0, b""
            while (line := self.rfile.readline()) not in (b"\r\n", b""):
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
                elif name.lower() == b"x-amz-target":
                    operation = value.strip().rpartition(b".")[2]
            asked = self.rfile.read(length)
            body = EMPTY.get(operation, b"{}")
            if operation == b"GetItem":
                body = next((found for key, found in ITEMS.items() if key in asked), body)
            self.wfile.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\n"
                b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
            )


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextlib.contextmanager
def endpoint(items: Mapping[bytes, bytes] | None = None) -> Iterator[str]:
    """
    Run the stub in a process of its own; gives its URL.

    Args:
        items: What a get is answered whose request holds the key; the first one counts.
    """
    ITEMS.clear()
    ITEMS.update(items or {})
    with _Server(("127.0.0.1", 0), _Answering) as server:
        process = multiprocessing.get_context("fork").Process(
            target=server.serve_forever, daemon=True
        )
        process.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            process.terminate()
            process.join()
