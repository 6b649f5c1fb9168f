"""Photos of visits and the storage they go to, in the stand-in API: whole or in parts."""

from typing import Any

from chalicelib.services import photo_parts
from frontend.e2e.fake_api import Answer, Call, FakeApi, route
from frontend.e2e.fake_field import field


@route("POST", "/field/photos")
def ask_photo(api: FakeApi, call: Call) -> Answer:
    photo_id, size, sha256 = (call.body[name] for name in ("photo_id", "bytes", "sha256"))
    state = field(api)
    cut = photo_parts.pieces("cas", "vis", photo_id, sha256=sha256, size=size)
    left = [one for one in cut if name_of(one.key) not in state.parts]
    if cut and not left:
        state.photos[photo_id] = b"".join(state.parts.pop(name_of(one.key)) for one in cut)
    if photo_id in state.photos:
        return Answer(200, {"have": True, "post": None, "parts": []})
    forms = [{"start": one.start, "end": one.end, "post": form_of(one.key)} for one in left]
    return Answer(200, {"have": False, "post": form_of(photo_id), "parts": forms})


def name_of(key: str) -> str:
    return key.replace("/", ".")


def form_of(key: str) -> dict[str, Any]:
    return {"url": f"/api/v1/_storage/{name_of(key)}", "fields": {"key": key}}


@route("POST", "/_storage/{photo}", anonymous=True)
def store_photo(api: FakeApi, call: Call) -> Answer:
    state = field(api)
    if state.storage_down:
        return Answer(503)
    # The file is the last part of the form, between an empty line and the closing boundary.
    boundary = call.raw.split(b"\r\n", 1)[0]
    last = call.raw.split(boundary)[-2]
    content = last.split(b"\r\n\r\n", 1)[1].removesuffix(b"\r\n")
    name = call.parts[0]
    state.carried.append((name, len(content)))
    if state.line_bytes is not None:
        state.line_bytes -= len(content)
        if state.line_bytes < 0:
            return Answer(0)
    kept = state.parts if name.startswith(photo_parts.FOLDER) else state.photos
    kept[name] = content
    return Answer(204)
