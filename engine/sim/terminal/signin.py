"""
Signing in at the web terminal: mobile number, password, one-time password; then a session in three pieces.

How long codes, sessions and lock-outs last is not published; the figures here are of the usual kind.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from engine.sim.exchange.ledger import Ledger
from engine.sim.exchange.words import Entry
from engine.sim.post import PostOffice
from engine.sim.terminal.members import Channel, Member, ten_digits

BROKER_ADDRESS = "Kotak Neo <noreply@kotaksecurities.test>"


class SignInRefusedError(Exception):
    """What the sign-in page answers instead of going on; `restart` when it begins anew."""

    def __init__(self, text: str, *, restart: bool = False) -> None:
        super().__init__(text)
        self.restart = restart


@dataclass(frozen=True, slots=True)
class Terms:
    """
    How long things last, and after how many wrong entries a client is locked out.

    attempt: a sign-in under way, from the mobile number on.
    """

    attempt: timedelta = timedelta(minutes=10)
    otp: timedelta = timedelta(minutes=3)
    session: timedelta = timedelta(hours=12)
    lock_out: timedelta = timedelta(minutes=30)
    entries: int = 3


@dataclass(frozen=True, slots=True)
class WebSession:
    """
    One signed-in browser. It must show all three pieces at every call.

    cookie: kept by the browser as a cookie no script reads. token: in sessionStorage. device: in IndexedDB.
    """

    account: str
    cookie: str
    token: str
    device: str
    ends_at: datetime
    has_seen_risk: bool = False


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A sign-in under way. otp: empty before the password was right."""

    member: Member
    ends_at: datetime
    otp: str = ""
    otp_ends_at: datetime | None = None


class Holds(Protocol):
    """What of the clock a sign-in needs: that time keeps its course while one is under way."""

    def take(self, name: str) -> None:
        """Hold time to its course."""
        ...

    def release(self, name: str) -> None:
        """Let go of one hold."""
        ...


class SignIn:
    """
    The sign-ins under way, the sessions they led to, and who is locked out.

    It lives by the clock (`SimClock.carry`): a sign-in that nobody goes on with is given up in time. holds: the clock.
    """

    def __init__(
        self,
        members: tuple[Member, ...],
        post: PostOffice,
        ledger: Ledger,
        now: Callable[[], datetime],
        *,
        seed: int = 0,
        terms: Terms | None = None,
        holds: Holds | None = None,
    ) -> None:
        self._members = {ten_digits(member.mobile.reveal()): member for member in members}
        self._post = post
        self._ledger = ledger
        self._now = now
        self._seed = seed
        self._terms = terms or Terms()
        self._holds = holds
        self._drawn = 0
        self._attempts: dict[str, _Attempt] = {}
        self._wrong: dict[str, int] = {}
        self._locked_out_until: dict[str, datetime] = {}
        self._sessions: dict[str, WebSession] = {}
        for member in members:
            post.open(member.email, member.mail_password)

    @property
    def members(self) -> Mapping[str, Member]:
        """The members by account."""
        return {member.account: member for member in self._members.values()}

    def begin(self, mobile: str) -> str:
        """Return the number of a new attempt. Raises: SignInRefusedError for a mobile number nobody has."""
        member = self._members.get(ten_digits(mobile))
        if member is None:
            raise SignInRefusedError("This mobile number is not registered.", restart=True)
        attempt = self._draw("attempt")
        if self._holds is not None:
            self._holds.take("login")
        self._attempts[attempt] = _Attempt(member, self._now() + self._terms.attempt)
        return attempt

    def give_password(self, attempt: str, password: str) -> str:
        """Return where the one-time password was sent to. Raises: SignInRefusedError."""
        member = self._attempt(attempt).member
        self._refuse_locked_out(attempt, "password")
        if password != member.password.reveal():
            self._count_wrong(member, "password", "Incorrect password.")
        self._tell(member, "password", "ok")
        return self._send(attempt)

    def resend(self, attempt: str) -> str:
        """Send a new one-time password in place of the last. Raises: SignInRefusedError."""
        if not self._attempt(attempt).otp:
            raise SignInRefusedError("Enter your password first.", restart=True)
        return self._send(attempt)

    def give_otp(self, attempt: str, otp: str) -> WebSession:
        """Return the session of a sign-in that is complete. Raises: SignInRefusedError."""
        under_way = self._attempt(attempt)
        member = under_way.member
        self._refuse_locked_out(attempt, "otp")
        if under_way.otp_ends_at is None:
            raise SignInRefusedError("Enter your password first.", restart=True)
        if otp.strip() != under_way.otp:
            self._count_wrong(member, "otp", "Invalid OTP.")
        if self._now() >= under_way.otp_ends_at:
            self._tell(member, "otp", "late")
            raise SignInRefusedError("This OTP has expired. Request a new one.")
        self._give_up(attempt)
        self._wrong.pop(member.account, None)
        self._tell(member, "otp", "ok")
        session = WebSession(
            account=member.account,
            cookie=self._draw("cookie"),
            token=self._draw("token"),
            device=self._draw("device"),
            ends_at=self._now() + self._terms.session,
        )
        self._sessions[session.cookie] = session
        return session

    def session(self, cookie: str, token: str, device: str) -> WebSession | None:
        """Return the session these three pieces belong to; None when one is wrong or it is over."""
        found = self.by_cookie(cookie)
        return found if found is not None and (found.token, found.device) == (token, device) else None

    def by_cookie(self, cookie: str) -> WebSession | None:
        """Return the session of a cookie alone, to tell whose call one is; it proves nothing."""
        found = self._sessions.get(cookie)
        return found if found is not None and self._now() < found.ends_at else None

    def see_risk(self, session: WebSession) -> None:
        """Note that the risk disclosure was closed."""
        self._sessions[session.cookie] = replace(session, has_seen_risk=True)

    def sign_out(self, session: WebSession) -> None:
        """End one session."""
        self._sessions.pop(session.cookie, None)

    def expire(self, account: str) -> None:
        """End all sessions of an account, as time would."""
        self._sessions = {cookie: one for cookie, one in self._sessions.items() if one.account != account}

    def advance(self, to: datetime) -> None:
        """Give up the sign-ins that nobody went on with by an instant."""
        for attempt in [number for number, one in self._attempts.items() if one.ends_at <= to]:
            self._give_up(attempt)

    def next_event_at(self) -> datetime | None:
        """Return when the next sign-in is given up."""
        return min((one.ends_at for one in self._attempts.values()), default=None)

    def _give_up(self, attempt: str) -> None:
        # Letting go of the clock moves time on, which may give up others of a list that is being gone through.
        if self._attempts.pop(attempt, None) is not None and self._holds is not None:
            self._holds.release("login")

    def _attempt(self, attempt: str) -> _Attempt:
        found = self._attempts.get(attempt)
        if found is None or found.ends_at <= self._now():
            raise SignInRefusedError("Your sign-in has timed out. Start again.", restart=True)
        return found

    def _send(self, attempt: str) -> str:
        member = self._attempts[attempt].member
        otp = str(int(self._draw("otp"), 16) % 10**6).zfill(6)
        ends_at = self._now() + self._terms.otp
        self._attempts[attempt] = replace(self._attempts[attempt], otp=otp, otp_ends_at=ends_at)
        minutes = int(self._terms.otp.total_seconds() // 60)
        if member.otp_by is Channel.SMS:
            text = (
                f"{otp} is your OTP to log in to Kotak Neo. Valid for {minutes} minutes. Do not share it with anyone."
            )
            self._post.text(member.account, text, self._now())
            return f"mobile ••••••{ten_digits(member.mobile.reveal())[-4:]}"
        text = (
            f"Dear {member.name},\n\n{otp} is your OTP to log in to Kotak Neo.\n\n"
            f"It is valid for {minutes} minutes. Do not share it with anyone."
        )
        box = self._post.open(member.email, member.mail_password)
        box.deliver(BROKER_ADDRESS, "OTP to log in to Kotak Neo", text, self._now())
        name, _, host = member.email.partition("@")
        return f"e-mail {name[:1]}•••@{host}"

    def _refuse_locked_out(self, attempt: str, step: str) -> None:
        member = self._attempts[attempt].member
        until = self._locked_out_until.get(member.account)
        if until is not None and self._now() < until:
            self._tell(member, step, "locked out")
            self._give_up(attempt)
            raise self._locked_out()

    def _count_wrong(self, member: Member, step: str, text: str) -> None:
        """Raises: SignInRefusedError, always."""
        wrong = self._wrong.get(member.account, 0) + 1
        self._wrong[member.account] = wrong
        left = self._terms.entries - wrong
        self._tell(member, step, "wrong")
        if left > 0:
            raise SignInRefusedError(f"{text} {left} attempt{'s' if left > 1 else ''} left.")
        self._wrong[member.account] = 0
        self._locked_out_until[member.account] = self._now() + self._terms.lock_out
        for number in [number for number, one in self._attempts.items() if one.member == member]:
            self._give_up(number)
        raise self._locked_out()

    def _locked_out(self) -> SignInRefusedError:
        minutes = int(self._terms.lock_out.total_seconds() // 60)
        return SignInRefusedError(f"Too many wrong attempts. Try again after {minutes} minutes.", restart=True)

    def _tell(self, member: Member, step: str, outcome: str) -> None:
        self._ledger.append(self._now(), member.account, Entry.LOGIN, via="web", step=step, outcome=outcome)

    def _draw(self, what: str) -> str:
        self._drawn += 1
        return hashlib.sha256(f"{self._seed}/{what}/{self._drawn}".encode()).hexdigest()[:32]
