"""When a failed job is tried again, and when it is given up."""

from datetime import datetime, timedelta

INSIDE_ATTEMPTS = 12  # about half an hour: a fault in our own data does not heal by waiting longer
MAX_LOST = 5  # that many workers died or froze while they had this job: it may be what kills them
LEASE = timedelta(seconds=30)
LONGEST_RUN = timedelta(minutes=10)  # after that nobody renews the lease any more

_FIRST = 5.0
_LONGEST = 240.0  # under five minutes, so that everything is calm again five minutes after a fault (I11)


def retry_after(attempts: int, chance: float) -> timedelta:
    """The pause after the n-th failure, doubled each time; `chance` (0..1) spreads it by a fifth to both sides."""
    pause = min(_FIRST * 2.0 ** min(attempts - 1, 16), _LONGEST)
    return timedelta(seconds=pause * (0.8 + 0.4 * chance))


def next_time(planned: datetime, every: timedelta, now: datetime) -> datetime:
    """The first planned time after `now`: counted from the plan, so that it does not drift; missed ones are skipped."""
    if planned > now:
        return planned
    return planned + ((now - planned) // every + 1) * every


def describe(error: BaseException) -> str:
    """What an operator reads about a failure: kind, place and message, cut to fit."""
    place = ""
    trace = error.__traceback__
    while trace is not None:
        place = f" ({trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno})"
        trace = trace.tb_next
    return f"{type(error).__name__}{place}: {error}".replace("\x00", "")[:500]
