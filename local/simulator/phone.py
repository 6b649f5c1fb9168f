"""An invented agent's phone: clocks in, collects points, sends them, is without signal at times."""

import threading
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from chalicelib.domain.ids import new_id
from local.client import Client, Problem
from local.simulator.visiting import Call, Device, report
from local.simulator.walk import Place, Walker

POINT_EVERY_S = 10
MOST_WAITING = 1000
UNAUTHORISED = 401
# One phone in twelve loses the network now and then, for some minutes.
LOSES_SIGNAL = 12
LOST_S = (240, 600)
DRAIN_PER_HOUR = 0.09


class Phone:
    """
    Args:
        account: E-mail and password.
        calls: The debtors' doors he may go to.
        mocked: At how many of them, the last ones, another app feigns his position.
    """

    def __init__(
        self,
        number: int,
        client: Client,
        account: tuple[str, str],
        *,
        calls: list[Call],
        mocked: int = 0,
    ) -> None:
        self._number, self._client = number, client
        self._email, self._password = account
        self._calls = {call.key: call for call in calls}
        self._mocked = {call.key for call in calls[len(calls) - mocked :]}
        self._chance = Random(number)  # noqa: S311 (a demo)
        doors = [Place(call.lat, call.lng, call.key) for call in calls]
        self._walker = Walker(number, doors=doors)
        self._device = Device(new_id("dev"))
        self._shift = ""
        self._last = self._lost_until = datetime.min.replace(tzinfo=UTC)
        self._battery = self._chance.uniform(0.25, 1.0)
        self._door = ""
        self._stay: list[dict[str, Any]] = []
        self._waiting: list[dict[str, Any]] = []
        self._reports: list[dict[str, Any]] = []
        self._busy = threading.Lock()
        self.points = 0
        self.visits = 0
        self.problems = 0

    def clock_in(self, now: datetime) -> None:
        """Begin the day, or go on with the one that is open."""
        self._client.sign_in(self._email, self._password)
        self._client.post("/field/devices", self._device.registration())
        open_shift = self._client.get("/field/shifts/current")["shift"]
        self._shift = open_shift["shift_id"] if open_shift else new_id("shf")
        if not open_shift:
            self._call("POST", "/field/shifts", shift_id=self._shift, started_at=_text(now))
        self._last = now

    def clock_out(self, now: datetime) -> None:
        self._call("PATCH", f"/field/shifts/{self._shift}", ended_at=_text(now))

    def send(self, now: datetime) -> None:
        """Walk until *now* and send what came together; once at a time for each phone."""
        if not self._busy.acquire(blocking=False):
            return
        try:
            self._walk(now)
            if now < self._lost_until or not self._waiting:
                return
            if self._chance.randrange(LOSES_SIGNAL * 20) == 0:
                self._lost_until = now + timedelta(seconds=self._chance.uniform(*LOST_S))
            batch = self._waiting[:MOST_WAITING]
            body = {"device_id": self._device.device_id, "points": batch}
            if call := self._calls.get(self._door):
                body["case_id"] = call.case_id
            self._call("POST", "/field/pings", **body)
            self.points += len(batch)
            del self._waiting[: len(batch)]
            while self._reports:
                self._client.post_signed("/field/visits", *self._device.signed(self._reports[0]))
                del self._reports[0]
                self.visits += 1
        except (Problem, OSError):
            self.problems += 1  # what waits is sent the next time, as a real phone does
        finally:
            self._busy.release()

    def _walk(self, now: datetime) -> None:
        while self._last + timedelta(seconds=POINT_EVERY_S) <= now:
            self._last += timedelta(seconds=POINT_EVERY_S)
            seen = self._walker.after(POINT_EVERY_S)
            self._battery = max(0.02, self._battery - DRAIN_PER_HOUR * POINT_EVERY_S / 3600)
            point = {
                "at": _text(self._last),
                "lat": round(seen.lat, 7),
                "lng": round(seen.lng, 7),
                "accuracy_m": seen.accuracy_m,
                "speed_ms": seen.speed_ms,
                "heading": seen.heading,
                "battery": round(self._battery, 2),
                "charging": False,
                "network": "4g",
                "activity": seen.activity,
            }
            self._waiting.append(point)
            self._note(seen.door, point)

    def _note(self, door: str, point: dict[str, Any]) -> None:
        """Follow a stay at a door; he who leaves one reports the visit."""
        if door != self._door:
            call = self._calls.get(self._door)
            if call is not None and len(self._stay) > 1:
                self._reports.append(
                    report(
                        call,
                        self._stay,
                        visit_id=new_id("vis"),
                        device_id=self._device.device_id,
                        chance=self._chance,
                        mock=True if self._door in self._mocked else None,
                    )
                )
            self._door, self._stay = door, []
        if door:
            self._stay.append(point)

    def _call(self, method: str, path: str, **body: Any) -> None:
        send = self._client.post if method == "POST" else self._client.patch
        try:
            send(path, body)
        except Problem as problem:
            if problem.status != UNAUTHORISED:
                raise
            self._client.sign_in(self._email, self._password)
            send(path, body)


def _text(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
