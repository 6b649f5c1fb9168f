"""
Kept connections to one HTTP service: requests sent at once, answers read by the standard library.

A general client sends head and body apart, builds its headers anew and wraps each answer three
times: of what a request to DynamoDB costs here that is more than half, see docs/adr.
"""

import select
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

CONNECT_S = 2
READ_S = 10


class LineLost(Exception):
    """No connection, or it ended, or went silent, before an answer was whole."""


class Lines:
    """
    Connections to one service. Safe to share between threads: each has a line of its own.

    Args:
        most: How many stay open while nobody uses them.
    """

    def __init__(self, url: str, *, most: int) -> None:
        parts = urlsplit(url)
        self.host = parts.netloc
        self.path = parts.path or "/"
        self._kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._most = most
        self._idle: list[_Line] = []

    def post(self, headers: str, body: bytes) -> tuple[int, bytes]:
        """
        Send one request and give the status and body of its answer.

        Args:
            headers: ``Name: value`` lines, each with its end.

        Raises:
            LineLost: Whether the service did what was asked is not known.
        """
        head = f"POST {self.path} HTTP/1.1\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
        line = None
        try:
            line = self._line()
            status, answer, stays = line.ask(head.encode("latin-1") + body)
        except (OSError, ValueError, HTTPException) as error:
            if line is not None:
                line.close()
            raise LineLost from error
        if stays and len(self._idle) < self._most:
            self._idle.append(line)
        else:
            line.close()
        return status, answer

    def _line(self) -> "_Line":
        while self._idle:
            try:
                line = self._idle.pop()
            except IndexError:  # another thread was quicker
                break
            if line.quiet():
                return line
            line.close()
        return _Line(self._kind(self.host, timeout=CONNECT_S))


class _Line:
    def __init__(self, connection: HTTPConnection) -> None:
        connection.connect()
        self._connection = connection
        self._socket = connection.sock
        self._socket.settimeout(READ_S)
        self._poll = select.poll()
        self._poll.register(self._socket, select.POLLIN)

    def quiet(self) -> bool:
        """Say whether it can be used again: the other side has not hung up or said anything."""
        return not self._poll.poll(0)

    def ask(self, request: bytes) -> tuple[int, bytes, bool]:
        """Give status and body of the answer, and whether the line may be used again."""
        self._socket.sendall(request)  # at once: two parts would wake the other side twice
        with HTTPResponse(self._socket, method="POST") as answer:
            answer.begin()
            if answer.status == 200 and answer.length is None and not answer.chunked:
                raise ConnectionResetError("cut off among its headers: they say where it ends")
            return answer.status, answer.read(), not answer.will_close

    def close(self) -> None:
        self._connection.close()
