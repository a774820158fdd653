"""When accounts are watched: around their exchange's session, and always while that is unknown."""

from datetime import datetime, timedelta
from typing import Final

from engine.domain.session import Session

# Early enough for logins and contract files, late enough for what brokers close by themselves and for the last books.
BEFORE_OPEN: Final = timedelta(minutes=30)
AFTER_CLOSE: Final = timedelta(minutes=15)


def rests(session: Session, now: datetime) -> str:
    """
    Return why an account is not watched at an instant; empty while it is.

    session: of the date of `now` on its exchange. An unknown one is armed, all day (law 18).
    """
    if not session.known:
        return ""
    if session.opens_at is None or session.closes_at is None:
        return f"no session on {session.trading_date}: {session.note}"
    if now < session.opens_at - BEFORE_OPEN:
        return f"before the session, which opens at {session.opens_at:%H:%M}"
    if now >= session.closes_at + AFTER_CLOSE:
        return f"after the session, which closed at {session.closes_at:%H:%M}"
    return ""
