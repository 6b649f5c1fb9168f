"""A DynamoDB that holds nothing and answers at once, reads included."""

import socket
import socketserver
import sys

EMPTY = {
    b"BatchGetItem": b'{"Responses":{},"UnprocessedKeys":{}}',
    b"BatchWriteItem": b'{"UnprocessedItems":{}}',
    b"Query": b'{"Items":[],"Count":0}',
}


class Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        connection: socket.socket = self.request
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        held = b""
        while True:
            while b"\r\n\r\n" not in held:
                more = connection.recv(1 << 18)
                if not more:
                    return
                held += more
            head, _, held = held.partition(b"\r\n\r\n")
            lower = head.lower()
            length = int(lower.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
            target = head[lower.index(b"x-amz-target:") :].split(b"\r\n", 1)[0].rsplit(b".", 1)[-1]
            missing = length - len(held)
            while missing > 0:
                missing -= len(connection.recv(min(missing, 1 << 18)))
            held = b"" if missing <= 0 and length > len(held) else held[length:]
            body = EMPTY.get(target.strip(), b"{}")
            connection.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\n"
                b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
            )


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


if __name__ == "__main__":
    with Server(("127.0.0.1", 0), Handler) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()
    sys.exit(0)
