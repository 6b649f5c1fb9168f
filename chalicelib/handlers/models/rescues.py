"""What a phone could not send, brought as a file by whoever manages who left."""

from typing import Annotated

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import Id


class Outline(Body):
    """Whose a file is, and which visits it holds."""

    person_id: Annotated[str, Field(min_length=1, max_length=80)]
    visits: Annotated[list[Id], Field(max_length=500)]


class Whose(Answer):
    id: str
    name: str


class Here(Answer):
    """A visit that is here already. ``photos_wanted``: ids of those that have not come."""

    visit_id: str
    photos_wanted: list[str]


class Outlined(Answer):
    person: Whose
    visits: list[Here]
