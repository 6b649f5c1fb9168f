"""What a question asks for: pyxform's many names of types, as the few kinds that we run."""

from typing import Any

#: Kinds without an answer of their own.
HOLDERS = frozenset({"group", "repeat"})
#: Answered by a file; the answer is its name among the visit's files.
MEDIA = frozenset({"photo", "signature", "drawing", "audio", "video", "file"})
CHOICES = frozenset({"select_one", "select_multiple", "rank"})

_BY_BIND = {
    "string": "text",
    "int": "integer",
    "integer": "integer",
    "decimal": "decimal",
    "date": "date",
    "time": "time",
    "datetime": "datetime",
    "geopoint": "geopoint",
    "geotrace": "geotrace",
    "geoshape": "geoshape",
    "barcode": "barcode",
}
_BY_MEDIA = {
    "image/*": "photo",
    "audio/*": "audio",
    "video/*": "video",
    "application/*": "file",
}
_SELECTS = {"select1": "select_one", "select": "select_multiple", "odk:rank": "rank"}
_SIGNED = {"signature": "signature", "draw": "drawing", "annotate": "drawing"}


def kind_of(element: dict[str, Any], appearance: list[str]) -> str | None:  # noqa: PLR0911 - one a family
    """
    Give the kind of an element of pyxform's; None for one that we do not support.

    >>> kind_of({"type": "photo"}, ["signature"])
    'signature'
    """
    from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

    if element["type"] in HOLDERS:
        return str(element["type"])
    entry = QUESTION_TYPE_DICT.get(element["type"], {})
    control, bind = entry.get("control", {}), entry.get("bind", {})
    tag, wanted = control.get("tag"), str(element.get("bind", {}).get("type", bind.get("type")))
    if element["type"] == "note":
        return "note"
    if element["type"] in ("calculate", "hidden") or bind.get("jr:preload"):
        return "metadata" if bind.get("jr:preload") else str(element["type"])
    if tag == "upload":
        kind = _BY_MEDIA.get(control.get("mediatype", ""))
        drawn = next((_SIGNED[word] for word in appearance if word in _SIGNED), None)
        return drawn or kind if kind == "photo" else kind
    if tag in _SELECTS:
        return _SELECTS[tag]
    if tag == "trigger" and element["type"] != "background-geopoint":
        return "acknowledge"
    if tag == "range":
        return "range"
    if element["type"] == "start-geopoint":
        return "metadata"
    return _BY_BIND.get(wanted.lower()) if tag == "input" else None


def source_of(element: dict[str, Any]) -> str:
    """What a metadata question takes: ``start``, ``today``, ``deviceid``, ``username``, ..."""
    from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

    bind = QUESTION_TYPE_DICT.get(element["type"], {}).get("bind", {})
    return str(bind.get("jr:preloadParams") or element["type"]).removeprefix("uri:")
