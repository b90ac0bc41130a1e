import pytest
from django.core.management import call_command

from careline.core import periodic
from careline.core.periodic import PeriodicJob

pytestmark = pytest.mark.django_db


def test_every_clock_runs_by_one_command(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("purge", "--dry-run")

    printed = capsys.readouterr().out
    for what in ("transcripts", "contact details", "records", "news addresses"):
        assert f"{what}: 0 would be deleted" in printed


def test_the_worker_knows_the_work_that_comes_round() -> None:
    names = {job.name.rsplit(".", 1)[-1] for job in periodic.all_jobs()}

    assert {"purge_what_is_due", "drop_old_rows"} <= names


@pytest.mark.django_db(transaction=True)
def test_housekeeping_runs() -> None:
    job = next(job for job in periodic.all_jobs() if job.name.endswith("drop_old_rows"))
    job.run()


def test_a_failing_job_is_logged_and_does_not_stop_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail() -> None:
        raise RuntimeError("words that somebody typed")

    periodic.run_safely(PeriodicJob("core.fail", 1, fail))

    assert caplog.messages == ["task.failed error=RuntimeError job=core.fail"]
