"""Small things that would otherwise grow for ever."""

from django.core.management import call_command

from careline.core.periodic import every

DAY_SECONDS = 86_400


@every(seconds=DAY_SECONDS)
def drop_old_rows() -> None:
    """Drop ended staff sessions and the results of finished background tasks."""
    call_command("clearsessions")
    call_command("prune_db_task_results", min_age_days=14, queue_name="*", verbosity=0)
