"""How far an upload is, as its page and the list of uploads show it."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.upload import Figures, Upload, UploadMode, UploadState
from chalicelib.services.upload_progress import progress

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)


def an_upload(state, **values):
    return Upload(
        upload_id="upl_1",
        portfolio_id="prt_1",
        mode=UploadMode.DEBTS,
        state=state,
        filename="a.csv",
        size_bytes=1,
        created_by="user:1",
        created_at=NOW,
        updated_at=NOW,
        object_key="in/prt_1/upl_1/a.csv",
        extra={"rows": 40, "round": 1},
        **values,
    )


@pytest.mark.parametrize("state", [UploadState.READY, UploadState.DONE])
def test_what_is_over_shows_its_figures_without_the_running_sums(state):
    figures = Figures(rows=40, created=37, rejected=3)
    upload = an_upload(state, checked=figures, applied=figures)

    shown = progress(upload, {}, now=NOW)

    assert (shown.rows_done, shown.created, shown.rejected) == (40, 37, 3)


def test_the_rate_of_a_finished_upload_is_that_of_its_writing():
    upload = an_upload(
        UploadState.DONE,
        applied=Figures(rows=40, created=40),
        started_at=NOW - timedelta(seconds=8),
        finished_at=NOW,
    )

    assert progress(upload, {}, now=NOW).rows_per_s == 5
