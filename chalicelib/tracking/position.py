"""One position, whatever app it came from."""

from dataclasses import dataclass
from datetime import datetime

# Above this a fix says little more than the town; it does not move an agent on the map.
MAX_ACCURACY_M = 200.0


class Refused(ValueError):
    """
    A request holds no position.

    Attributes:
        reason: Short code: ``no_device``, ``no_position``, ``no_time``, ``unreadable``,
            ``unsupported_type``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """
    What the device says, in SI units; None = the device did not say.

    Args:
        device_id: As the client names itself; the token decides whose it is.
        at: Time of the fix, aware; None = the client sends none, the server's clock stands in.
        lat, lng: WGS 84 degrees as sent; None for a report of cells and networks only.
        battery_pct: 0 to 100.
        charging: None also where a client says "no" when it does not know.
        mock: The OS told the client that the position is simulated.
        trigger: Why it was sent, in words (``ping``, ``manual_event``...).
        kind: ``position`` or ``transition`` (a region entered or left).
    """

    device_id: str = ""
    at: datetime | None = None
    lat: float | None = None
    lng: float | None = None
    accuracy_m: float | None = None
    altitude_m: float | None = None
    speed_mps: float | None = None
    course_deg: float | None = None
    battery_pct: float | None = None
    battery_status: str | None = None
    charging: bool | None = None
    moving: bool | None = None
    mock: bool | None = None
    hdop: float | None = None
    satellites: float | None = None
    event: str | None = None
    activity: str | None = None
    connection: str | None = None
    trigger: str | None = None
    region: str | None = None
    alarm: str | None = None
    cells: tuple[str, ...] = ()
    wifi: tuple[str, ...] = ()
    kind: str = "position"

    @property
    def has_fix(self) -> bool:
        """Whether it is a place: 0,0 is what phones without a fix send."""
        if self.lat is None or self.lng is None:
            return False
        inside = -90 <= self.lat <= 90 and -180 <= self.lng <= 180
        return inside and (self.lat, self.lng) != (0.0, 0.0)

    @property
    def locates(self) -> bool:
        """Whether it is good enough to move somebody on a map."""
        return self.has_fix and (self.accuracy_m is None or self.accuracy_m <= MAX_ACCURACY_M)
