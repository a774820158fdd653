"""Whether a policy runs at an instant: its own window, the exchange's session, and what an unknown session means."""

from datetime import datetime, timedelta

from engine.domain.account import Account
from engine.domain.numbers import seconds_of
from engine.domain.session import Session
from engine.policy.program import Window


def in_window(window: Window, account: Account, session: Session, now: datetime) -> tuple[bool, str]:
    """Return whether a policy runs, and why not in words; words also where it runs because the session is unknown."""
    if session.known and not session.contains(now, window.margin):
        why = "" if session.note == "regular" else f", {session.note}"
        return False, f"outside {window.name.replace('_', ' ')} ({now.astimezone(account.zone):%a %H:%M:%S}{why})"
    if window.start is not None and window.end is not None:
        clock = now.astimezone(account.zone)
        passed = seconds_of(timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second))
        if not window.start <= passed < window.end:
            return False, f"outside {window.name} ({clock:%H:%M:%S})"
    if window.around is not None:
        inside = window.around.contains(now, account.zone)
        if inside is None:
            year = now.astimezone(account.zone).year
            return True, f"calendar.yaml does not hold the year {year}, so this policy is armed"
        if not inside:
            return False, f"outside {window.name} ({now.astimezone(account.zone):%a %H:%M:%S})"
    if session.known:
        return True, ""
    # Law 18 arms what reduces risk; a rule that only tells costs nothing and must not go dark either.
    return True, f"{session.note}: the session is unknown, so this policy is armed"
