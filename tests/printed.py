"""What printed pages say."""

import re
import zlib


def words_of(pdf: bytes) -> str:
    """What the pages say, in the order it was drawn."""
    said = []
    for stream in re.findall(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL):
        try:
            page = zlib.decompress(stream)
        except zlib.error:
            continue
        for raw in re.findall(rb"\((.*?)(?<!\\)\) Tj", page, re.DOTALL):
            plain = re.sub(rb"\\([()\\])", rb"\1", raw)
            said.append(plain.decode("cp1252"))
    return "\n".join(said)
