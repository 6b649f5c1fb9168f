"""Uploads without AWS: fakes of the ports, and a pump that carries messages until none is left."""

import contextlib
import io
import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from chalicelib.domain.errors import CaseMoved, UploadMoved
from chalicelib.domain.merge import MergeState
from chalicelib.services import (
    geocoding,
    upload_closing,
    upload_reading,
    upload_steps,
    upload_suppressed,
    upload_units,
)
from chalicelib.services import uploads as use
from chalicelib.services.upload_ports import Pass
from tests import fakes

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)


class MemoryFiles:
    def __init__(self):
        self.objects = {}

    def post_form(self, key, *, max_bytes, expires_s):
        return {"url": "https://bucket.example", "fields": {"key": key}}

    def link(self, key, *, filename, expires_s):
        return f"https://bucket.example/{key}?as={filename}"

    def size(self, key):
        return len(self.objects[key]) if key in self.objects else None

    def open(self, key):
        return io.BytesIO(self.objects[key])

    def read(self, key):
        return self.objects.get(key)

    def write(self, key, body, *, content_type="application/json"):
        self.objects[key] = body

    def write_many(self, objects):
        self.objects.update(objects)

    def put_file(self, key, path):
        self.objects[key] = path.read_bytes()

    def get_file(self, key, path):
        path.write_bytes(self.objects[key])

    @contextlib.contextmanager
    def writer(self, key, *, content_type):
        body = io.BytesIO()
        yield body
        self.objects[key] = body.getvalue()


class MemoryQueue:
    def __init__(self):
        self.messages = []

    def send(self, messages):
        self.messages += [json.loads(json.dumps(message)) for message in messages]

    def take(self):
        taken, self.messages = self.messages, []
        return taken


class MemoryPortfolios:
    def __init__(self, *portfolios):
        self._portfolios = {p.portfolio_id: p for p in portfolios}

    def get(self, portfolio_id):
        return self._portfolios.get(portfolio_id)


class MemoryUploads:
    def __init__(self):
        self.uploads = {}
        self.units = {}
        self.sums = {}
        self.mappings = {}
        self.applied = {}

    def add(self, upload):
        assert (upload.portfolio_id, upload.upload_id) not in self.uploads
        self.uploads[upload.portfolio_id, upload.upload_id] = upload

    def get(self, portfolio_id, upload_id):
        return self.uploads.get((portfolio_id, upload_id))

    def save(self, upload):
        if self.uploads[upload.portfolio_id, upload.upload_id].version != upload.version:
            raise UploadMoved(upload_id=upload.upload_id)
        stored = replace(upload, version=upload.version + 1)
        self.uploads[upload.portfolio_id, upload.upload_id] = stored
        return stored

    def page(self, portfolio_id, *, limit, cursor):
        found = sorted(
            (u for u in self.uploads.values() if u.portfolio_id == portfolio_id),
            key=lambda u: u.upload_id,
            reverse=True,
        )
        start = int(cursor or 0)
        more = str(start + limit) if len(found) > start + limit else None
        return found[start : start + limit], more

    def set_rows_read(self, portfolio_id, upload_id, rows):
        key = portfolio_id, upload_id
        self.uploads[key] = replace(self.uploads[key], rows_read=rows)

    def record_unit(self, upload_id, sweep, unit, tally):
        if (upload_id, sweep, unit) in self.units:
            return False
        self.units[upload_id, sweep, unit] = dict(tally)
        sums = self.sums.setdefault(upload_id, {}).setdefault(sweep, {})
        for name, n in tally.items():
            sums[name] = sums.get(name, 0) + n
        return True

    def unit_recorded(self, upload_id, sweep, unit):
        return (upload_id, sweep, unit) in self.units

    def units_with_rejects(self, upload_id, sweep):
        return self._units_with("rejected", upload_id, sweep)

    def units_with_warnings(self, upload_id, sweep):
        return self._units_with("warned", upload_id, sweep)

    def _units_with(self, counted, upload_id, sweep):
        return sorted(
            unit
            for (uid, name, unit), tally in self.units.items()
            if (uid, name) == (upload_id, sweep) and tally.get(counted)
        )

    def tallies(self, upload_id):
        return {sweep: dict(sums) for sweep, sums in self.sums.get(upload_id, {}).items()}

    def remembered_mapping(self, portfolio_id, shape):
        return self.mappings.get((portfolio_id, shape))

    def remember_mapping(self, portfolio_id, shape, mapping):
        self.mappings[portfolio_id, shape] = mapping

    def applied_before(self, portfolio_id, fingerprint):
        return self.applied.get((portfolio_id, fingerprint))

    def remember_applied(self, portfolio_id, fingerprint, upload_id):
        self.applied[portfolio_id, fingerprint] = upload_id

    def forget_applied(self, portfolio_id, fingerprint, upload_id):
        if self.applied.get((portfolio_id, fingerprint)) == upload_id:
            del self.applied[portfolio_id, fingerprint]


class MemoryMerges:
    def __init__(self):
        self.merges = {}

    def add(self, merge):
        new = merge.merge_id not in self.merges
        self.merges.setdefault(merge.merge_id, merge)
        return new

    def get(self, portfolio_id, merge_id):
        return self.merges.get(merge_id)

    def save(self, merge):
        self.merges[merge.merge_id] = replace(merge, version=merge.version + 1)
        return self.merges[merge.merge_id]

    def proposed(self, portfolio_id, *, limit, cursor):
        found = [m for m in self.merges.values() if m.state is MergeState.PROPOSED]
        return found[:limit], None


class MemoryCases(fakes.MemoryCases):
    """The cases of the contract, counting commits and losing races when a test wants it."""

    def __init__(self):
        super().__init__()
        self.commits = 0
        self.lose = lambda change: False

    def _check(self, change):
        super()._check(change)
        if self.lose(change):
            raise CaseMoved(case_id=change.after.case_id)

    def _write(self, change):
        super()._write(change)
        self.commits += 1

    def balances(self):
        """What any two runs are compared by."""
        return {
            case_id: (
                file.head.status.value,
                file.head.balance_minor,
                sorted((debt.external_id, debt.void) for debt in file.debts),
            )
            for case_id, file in sorted(self.files.items())
        }


class Bench:
    """All of it wired together, with a pump instead of Lambda."""

    def __init__(
        self,
        portfolio,
        *,
        seconds=lambda: 900.0,
        cases=None,
        deliveries=1,
        seed=None,
        geocoder=None,
    ):
        self.portfolio = portfolio
        self.portfolios = MemoryPortfolios(portfolio)
        self.uploads = MemoryUploads()
        self.files = MemoryFiles()
        self.cases = cases or MemoryCases()
        self.merges = MemoryMerges()
        self.steps, self.work = MemoryQueue(), MemoryQueue()
        self.now = NOW
        self.seconds = seconds
        self.worker_seconds = lambda: 60.0
        self.geocoder = geocoder
        self.suppressed = upload_suppressed.nobody
        self.deliveries = deliveries
        self.shuffle = random.Random(seed) if seed is not None else None  # noqa: S311 - a test's order
        self.handled = 0

    def start(self, actor, body, *, mode, filename="cartera.csv", **wishes):
        body = body.encode() if isinstance(body, str) else body
        upload, _ = use.start(
            use.NewUpload(filename=filename, size_bytes=len(body), mode=mode, **wishes),
            portfolio_id=self.portfolio.portfolio_id,
            actor=actor,
            portfolios=self.portfolios,
            uploads=self.uploads,
            files=self.files,
            now=self.now,
        )
        self.files.objects[upload.object_key] = body
        upload_reading.arrived(
            upload.object_key, uploads=self.uploads, steps=self.steps, now=self.now
        )
        return self.pump(upload)

    def load(self, actor, body, *, mode, **wishes):
        """Start, take the guessed mapping, apply; returns the upload as it ends."""
        upload = self.start(actor, body, mode=mode, **wishes)
        if upload.state.value == "needs_mapping":
            use.put_mapping(
                upload.portfolio_id,
                upload.upload_id,
                upload.mapping,
                actor=actor,
                uploads=self.uploads,
                steps=self.steps,
                now=self.now,
            )
            upload = self.pump(upload)
        if upload.state.value == "ready":
            use.apply(
                upload.portfolio_id,
                upload.upload_id,
                actor=actor,
                uploads=self.uploads,
                steps=self.steps,
                now=self.now,
            )
            upload = self.pump(upload)
        return upload

    def current(self, upload):
        return self.uploads.get(upload.portfolio_id, upload.upload_id)

    def pump(self, upload, *, most=10_000):
        """Deliver messages, each *deliveries* times, until no queue holds any."""
        for _ in range(most):
            batch = [("step", m) for m in self.steps.take()]
            batch += [("unit", m) for m in self.work.take()]
            if not batch:
                return self.current(upload)
            batch *= self.deliveries
            if self.shuffle:
                self.shuffle.shuffle(batch)
            for kind, message in batch:
                self.handled += 1
                self.now += timedelta(milliseconds=5)
                (self.step if kind == "step" else self.unit)(message)
        raise AssertionError("the messages never end")

    def step(self, message):
        common = {"uploads": self.uploads, "steps": self.steps}
        ids = message["portfolio_id"], message["upload_id"]
        match message["step"]:
            case "read":
                upload_reading.read(
                    *ids, portfolios=self.portfolios, files=self.files, now=self.now, **common
                )
            case "split":
                upload_reading.split(
                    *ids,
                    round_=message["round"],
                    files=self.files,
                    now=lambda: self.now,
                    time_left_s=self.seconds,
                    resume=message.get("resume"),
                    **common,
                )
            case "dispatch":
                upload_steps.dispatch(
                    *ids,
                    step=Pass(message["pass"]),
                    round_=message["round"],
                    first=message["first"],
                    cases=self.cases,
                    work=self.work,
                    time_left_s=self.seconds,
                    **common,
                )
            case "survey":
                upload_closing.survey(
                    *ids,
                    round_=message["round"],
                    cursor=message["cursor"],
                    found=message["found"],
                    cases=self.cases,
                    files=self.files,
                    time_left_s=self.seconds,
                    **common,
                )
            case "locate":
                geocoding.locate_chunk(
                    *ids,
                    message["unit"],
                    portfolios=self.portfolios,
                    uploads=self.uploads,
                    cases=self.cases,
                    files=self.files,
                    geocoder=self.geocoder,
                    now=self.now,
                )
            case "finish":
                upload_steps.finish(
                    *ids,
                    step=Pass(message["pass"]),
                    round_=message["round"],
                    files=self.files,
                    now=self.now,
                    locates=self.geocoder is not None,
                    **common,
                )

    def unit(self, message):
        upload_units.run(
            message["portfolio_id"],
            message["upload_id"],
            step=Pass(message["pass"]),
            round_=message["round"],
            unit=message["unit"],
            fresh=message["fresh"],
            portfolios=self.portfolios,
            uploads=self.uploads,
            proposals=self.merges,
            cases=self.cases,
            files=self.files,
            steps=self.steps,
            now=self.now,
            time_left_s=self.worker_seconds,
            suppressed=self.suppressed,
        )
