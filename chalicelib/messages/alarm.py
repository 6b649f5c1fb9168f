"""What supervisors are written when somebody presses SOS."""

from zoneinfo import ZoneInfo

from chalicelib.domain.tracking import Alarm
from chalicelib.i18n import wording


def words(language: str, alarm: Alarm, *, zone: str, url: str) -> tuple[str, str]:
    """
    Say who asks for help, when and where; the same by SMS and e-mail.

    Args:
        zone: Time zone of the agent's work.
        url: Where the map is.

    Returns:
        Subject and text.
    """
    said = wording.of("alarm", language)
    place = said["no_place"]
    if alarm.lat is not None and alarm.lng is not None:
        place = said["place"].format(
            lat=f"{alarm.lat:.5f}", lng=f"{alarm.lng:.5f}", accuracy=round(alarm.accuracy_m or 0)
        )
    # A name is typed by people: no line of it may become a header or a sentence of ours.
    name = " ".join(alarm.name.split())
    at = alarm.at.astimezone(ZoneInfo(zone)).strftime("%H:%M")
    text = said["text"].format(name=name, time=at, zone=zone, place=place, url=url)
    return said["subject"].format(name=name), text
