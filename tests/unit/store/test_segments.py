"""Points survive their way through a row, in a few bytes."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.tracking import Fix
from chalicelib.store.segments import packed, unpacked

START = datetime(2026, 11, 22, 14, tzinfo=UTC)


def fixes():
    tenths = st.one_of(st.none(), st.integers(0, 2000).map(lambda n: n / 10))
    return st.builds(
        Fix,
        at=st.integers(0, 10**9).map(lambda ms: START + timedelta(milliseconds=ms)),
        lat=st.integers(-900_000_000, 900_000_000).map(lambda n: n / 10**7),
        lng=st.integers(-1_800_000_000, 1_800_000_000).map(lambda n: n / 10**7),
        accuracy_m=tenths,
        speed_ms=tenths,
        heading=tenths,
        battery=st.one_of(st.none(), st.integers(0, 1000).map(lambda n: n / 1000)),
        charging=st.one_of(st.none(), st.booleans()),
        network=st.one_of(st.none(), st.sampled_from(["4g", "wifi", ""])),
        activity=st.one_of(st.none(), st.text(max_size=8)),
        mock=st.one_of(st.none(), st.booleans()),
    )


@given(st.lists(fixes(), min_size=1, max_size=30))
def test_what_is_packed_comes_back(batch):
    assert unpacked(packed(batch)) == batch


def test_the_same_points_always_make_the_same_text():
    batch = [Fix(at=START, lat=19.4, lng=-99.1, battery=0.5)]
    assert packed(batch) == packed(list(batch))
