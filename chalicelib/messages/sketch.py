"""
A small drawing as a PNG, made here: circles, lines and dots on plain paper, in five colours.

A visit's e-mail shows where the phone was. A picture of streets would have to be fetched from
somebody who then learns which doors are visited, and most e-mail programs fetch nothing.
"""

import itertools
import math
import struct
import zlib
from collections.abc import Sequence

WIDTH, HEIGHT = 480, 320
PAPER, GRID, FENCE, INK, TRAIL, PHONE = range(6)
COLOURS = ("f7f5f0", "e4e0d6", "a8a295", "1b2226", "1f5a8c", "a8382c")
# Seen on paper and in the dark alike; blue and red differ for who sees no red, too.
ROUND = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)


class Sketch:
    """
    Paper whose middle is a place; everything is given in metres east and north of it.

    Args:
        reach_m: What must be seen, from the middle to the nearer edge.
    """

    def __init__(self, reach_m: float) -> None:
        self.scale = (min(WIDTH, HEIGHT) / 2 - 14) / max(reach_m, 1.0)  # pixels a metre
        self._rows = [bytearray([PAPER]) * WIDTH for _ in range(HEIGHT)]

    @property
    def bar_m(self) -> int:
        """A round length of some fifth of the width."""
        return max((m for m in ROUND if m * self.scale <= WIDTH / 4), default=ROUND[0])

    def grid(self) -> None:
        """Squares of the bar's length, and the bar."""
        step = self.bar_m * self.scale
        for n in range(-int(WIDTH / step), int(WIDTH / step) + 1):
            self._line((WIDTH / 2 + n * step, 0), (WIDTH / 2 + n * step, HEIGHT), GRID, 1)
            self._line((0, HEIGHT / 2 + n * step), (WIDTH, HEIGHT / 2 + n * step), GRID, 1)
        self._line((12, HEIGHT - 12), (12 + step, HEIGHT - 12), INK, 3)

    def circle(self, at: tuple[float, float], radius_m: float, colour: int) -> None:
        """A line all round, two pixels wide."""
        x, y = self._pixel(at)
        radius = radius_m * self.scale
        steps = min(20_000, math.ceil(7 * radius) + 8)
        for n in range(steps):
            angle = 2 * math.pi * n / steps
            self._spot(x + radius * math.cos(angle), y + radius * math.sin(angle), 2, colour)

    def way(self, points: Sequence[tuple[float, float]], colour: int) -> None:
        """A line from one to the next, with a dot at each."""
        pixels = [self._pixel(one) for one in points]
        for start, end in itertools.pairwise(pixels):
            self._line(start, end, colour, 2)
        for one in pixels:
            self._disc(one, 3, colour)

    def dot(self, at: tuple[float, float], colour: int) -> None:
        self._disc(self._pixel(at), 9, PAPER)
        self._disc(self._pixel(at), 7, colour)

    def square(self, at: tuple[float, float], colour: int) -> None:
        x, y = self._pixel(at)
        for row in range(max(0, round(y) - 6), min(HEIGHT, round(y) + 7)):
            for column in range(max(0, round(x) - 6), min(WIDTH, round(x) + 7)):
                self._rows[row][column] = colour

    def png(self) -> bytes:
        """Write it: indexed colours, one byte a pixel before it is packed."""
        head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
        lines = b"".join(b"\0" + bytes(row) for row in self._rows)
        return b"".join(
            (
                b"\x89PNG\r\n\x1a\n",
                _chunk(b"IHDR", head),
                _chunk(b"PLTE", bytes.fromhex("".join(COLOURS))),
                _chunk(b"IDAT", zlib.compress(lines, 9)),
                _chunk(b"IEND", b""),
            )
        )

    def _pixel(self, at: tuple[float, float]) -> tuple[float, float]:
        east, north = at
        return WIDTH / 2 + east * self.scale, HEIGHT / 2 - north * self.scale

    def _disc(self, pixel: tuple[float, float], radius: float, colour: int) -> None:
        x, y = pixel
        for row in range(max(0, int(y - radius)), min(HEIGHT, int(y + radius) + 2)):
            for column in range(max(0, int(x - radius)), min(WIDTH, int(x + radius) + 2)):
                if math.hypot(column - x, row - y) <= radius:
                    self._rows[row][column] = colour

    def _line(
        self, start: tuple[float, float], end: tuple[float, float], colour: int, wide: int
    ) -> None:
        (x, y), (to_x, to_y) = start, end
        steps = min(4 * WIDTH, max(1, math.ceil(max(abs(to_x - x), abs(to_y - y)))))
        for n in range(steps + 1):
            self._spot(x + (to_x - x) * n / steps, y + (to_y - y) * n / steps, wide, colour)

    def _spot(self, x: float, y: float, wide: int, colour: int) -> None:
        left, top = round(x - (wide - 1) / 2), round(y - (wide - 1) / 2)
        for row in range(max(0, top), min(HEIGHT, top + wide)):
            for column in range(max(0, left), min(WIDTH, left + wide)):
                self._rows[row][column] = colour


def _chunk(kind: bytes, body: bytes) -> bytes:
    return b"".join(
        (struct.pack(">I", len(body)), kind, body, struct.pack(">I", zlib.crc32(kind + body)))
    )
