"""One account's session at Kotak Neo: logins one at a time and within limits, and none after a logout."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import httpx

from engine.brokers.budget import Budget, Spend
from engine.brokers.http import send
from engine.brokers.kotak.calls import LIMITS, LOGIN_BASE, first_step, request_of, second_step
from engine.brokers.kotak.reply import BROKER
from engine.brokers.kotak.tokens import NOBODY, Credentials, Tokens, parse_pass, parse_tokens, taken_up
from engine.brokers.kotak.verdict import COOL_DOWN, fault_of, login_fault
from engine.brokers.messages import Answer, Request
from engine.domain.requests import Urgency
from engine.errors import (
    BrokerAuthError,
    BrokerDataError,
    BrokerLoggedOut,
    BrokerOutcomeUnknown,
    BrokerSessionExpired,
    BrokerUnavailable,
)
from engine.ports import Clock, SavedSession, SessionKeeper, SessionState

_STEP = timedelta(seconds=30)
# What a saved session tells besides its tokens: the step of the last code, and where it was begun.
_SHOWN, _BEGUN_AT = "shown", "begun_at"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LoginLimits:
    """
    How often a login is tried. failures: refused ones in a row, after which a person must look.

    pause: after one that failed, twice as long each time up to longest_pause.
    """

    failures: int = 3
    pause: timedelta = timedelta(seconds=1)
    longest_pause: timedelta = timedelta(minutes=1)


class Session:
    """
    The tokens of one account and how they are come by.

    A refused MPIN ends it at once, for Kotak locks an account after a few. A login whose tokens are refused before they
    served once counts as a failure too. An outage is none: it only puts the next login off.
    """

    def __init__(
        self,
        account: str,
        credentials: Credentials,
        http: httpx.AsyncClient,
        clock: Clock,
        budget: Budget,
        keeper: SessionKeeper | None = None,
        *,
        address: str = LOGIN_BASE,
        limits: LoginLimits | None = None,
    ) -> None:
        self.account = account
        self.credentials = credentials
        self._http = http
        self._clock = clock
        self._budget = budget
        self._keeper = keeper
        self._address = address.rstrip("/")
        self._limits = limits or LoginLimits()
        self._state = SessionState.NONE
        self._tokens: Tokens | None = None
        self._is_proved = False
        self._may_take_up = True
        self._one_at_a_time = asyncio.Lock()
        self._last_step = 0
        self._refusals = 0
        self._pause = self._limits.pause
        self._not_before: datetime | None = None
        self._was_refused = False
        self._last_failure = ""

    @property
    def state(self) -> SessionState:
        """Whether the account may be asked."""
        if self._state is SessionState.OPEN and not self._holds():
            return SessionState.EXPIRED
        return self._state

    async def ready(self) -> None:
        """
        Return once there are tokens that hold as far as we know; only one login runs at a time.

        Raises: BrokerLoggedOut; BrokerAuthError when a login is refused or none is allowed any more;
        BrokerUnavailable when nobody answers or it is too early to try again.
        """
        self._check_end()
        if self._holds():
            return
        async with self._one_at_a_time:
            self._check_end()
            if not self._holds():
                await self._begin()

    def held(self) -> Tokens:
        """Return the tokens. Raises: BrokerLoggedOut, BrokerAuthError; BrokerSessionExpired when there are none."""
        self._check_end()
        if self._tokens is None or not self._holds():
            raise BrokerSessionExpired(f"{self.account}: no session", account=self.account, broker=BROKER)
        return self._tokens

    def proved(self, tokens: Tokens) -> None:
        """Take note that tokens were good for a call."""
        if tokens is self._tokens and not self._is_proved:
            self._is_proved = True
            self._refusals = 0

    def refused(self, tokens: Tokens) -> None:
        """Take note that tokens were refused; those that are no longer in use say nothing."""
        if tokens is not self._tokens:
            return
        self._tokens = None
        self._state = SessionState.EXPIRED
        self._keep(None)
        if not self._is_proved:
            # It is not put off: the next login waits for its own code anyhow.
            self._count_refusal("the session it gave was refused at once")

    def end(self) -> None:
        """Drop the tokens for good; Kotak has no call for it."""
        self._state = SessionState.LOGGED_OUT
        self._tokens = None
        if self._keeper is not None:
            self._keeper.forget(BROKER, self.account)

    def _holds(self) -> bool:
        return self._tokens is not None and self._tokens.hold_at(self._clock.now())

    def _check_end(self) -> None:
        if self._state is SessionState.LOGGED_OUT:
            raise BrokerLoggedOut(
                f"{self.account}: logged out on purpose; nothing logs in again", account=self.account, broker=BROKER
            )
        if self._state is SessionState.REFUSED:
            raise BrokerAuthError(
                f"{self.account}: no login is tried any more until a restart: {self._last_failure}",
                account=self.account,
                broker=BROKER,
            )

    async def _begin(self) -> None:
        now = self._clock.now()
        # Put off for longer than the longest cool-down is a clock that was put back.
        if self._not_before is not None and now < self._not_before <= now + max(COOL_DOWN, self._limits.longest_pause):
            text = f"{self.account}: too early for another login; the last one failed: {self._last_failure}"
            if self._was_refused:
                raise BrokerAuthError(text, account=self.account, broker=BROKER)
            raise BrokerUnavailable(text, retry_after=self._not_before - now, account=self.account, broker=BROKER)
        self._was_refused = False
        if self._state is not SessionState.NONE:
            self._state = SessionState.EXPIRED
        try:
            tokens = await self._kept() or await self._log_in()
        except BrokerUnavailable as error:
            self._put_off(str(error), error.retry_after)
            raise
        except BrokerDataError as error:
            # It was answered, and gave no session: what was wrong with it may be the code or the MPIN.
            self._count_refusal(str(error))
            self._put_off(str(error), None)
            raise
        self._check_end()
        self._tokens, self._state = tokens, SessionState.OPEN
        self._pause, self._not_before = self._limits.pause, None
        self._keep(tokens)

    async def _kept(self) -> Tokens | None:
        """Return the tokens of a saved session if one cheap read shows that they still hold; asked for once."""
        if not self._may_take_up or self._keeper is None:
            return None
        saved = self._keeper.load(BROKER, self.account)
        self._last_step = max(self._last_step, self._step_shown(saved))
        # One that was begun elsewhere, as at a simulator, is none here.
        is_ours = saved is not None and saved.details.get(_BEGUN_AT) == self._address
        tokens = taken_up(saved, self.credentials) if saved is not None and is_ours else None
        if tokens is not None and tokens.hold_at(self._clock.now()):
            answer = await self._answer(request_of(LIMITS, self.credentials, tokens))
            fault = fault_of(LIMITS, answer, self.account)
            if isinstance(fault, BrokerUnavailable):
                raise fault
            if isinstance(fault, BrokerDataError):
                # It was not told whether they hold, and a login would cost a code.
                raise BrokerUnavailable(str(fault), account=self.account, broker=BROKER) from fault
            if fault is None:
                self._may_take_up = False
                self._is_proved = True
                return tokens
        self._may_take_up = False
        self._keep(None)
        return None

    async def _log_in(self) -> Tokens:
        view = await self._answer_to_code()
        fault = login_fault(view, "login", self.account)
        if isinstance(fault, BrokerAuthError):
            self._count_refusal(str(fault))
            self._put_off(str(fault), _STEP)
            self._was_refused = True
        if fault is not None:
            raise fault
        answer = await self._answer(second_step(self._address, self.credentials, parse_pass(view.body, "login")))
        fault = login_fault(answer, "MPIN", self.account)
        if isinstance(fault, BrokerAuthError):
            self._give_up(str(fault))
        if fault is not None:
            raise fault
        tokens = parse_tokens(answer.body, "MPIN", self._address)
        if tokens.ucc not in (NOBODY, self.credentials.ucc):
            self._give_up("Kotak opened the session of another client")
            self._check_end()
        self._is_proved = False
        # A token that is over as soon as it is given says that one of two clocks is wrong, and no more.
        return tokens if tokens.hold_at(self._clock.now()) else replace(tokens, expires_at=None)

    async def _answer_to_code(self) -> Answer:
        # A code that was shown once is not shown again, whatever became of it.
        await self._budget.spend(Spend.CALL, Urgency.EXIT)
        self._last_step = self._near(self._last_step)
        if self._step() <= self._last_step:
            await self._clock.sleep(_EPOCH + (self._last_step + 1) * _STEP - self._clock.now())
        self._check_end()
        step = self._step()
        request = first_step(self._address, self.credentials, self.credentials.code_at(step))
        before, self._last_step = self._last_step, step
        self._keep(None)
        try:
            return await send(self._http, request)
        except BrokerUnavailable as error:
            self._last_step = before
            self._keep(None)
            raise self._nobody(error) from error
        except BrokerOutcomeUnknown as error:
            raise self._nobody(error) from error

    async def _answer(self, request: Request) -> Answer:
        self._check_end()
        await self._budget.spend(Spend.CALL, Urgency.EXIT)
        self._check_end()
        try:
            return await send(self._http, request)
        except (BrokerUnavailable, BrokerOutcomeUnknown) as error:
            raise self._nobody(error) from error

    def _nobody(self, error: Exception) -> BrokerUnavailable:
        return BrokerUnavailable(f"{self.account}: {error}", account=self.account, broker=BROKER)

    def _step(self) -> int:
        return (self._clock.now() - _EPOCH) // _STEP

    def _count_refusal(self, why: str) -> None:
        self._refusals += 1
        if self._refusals >= self._limits.failures:
            self._give_up(f"{self._refusals} logins in a row failed, the last: {why}")

    def _give_up(self, why: str) -> None:
        self._last_failure = why
        if self._state is not SessionState.LOGGED_OUT:
            self._state = SessionState.REFUSED

    def _put_off(self, why: str, asked: timedelta | None) -> None:
        if self._state is not SessionState.REFUSED:
            self._last_failure = why
        self._not_before = self._clock.now() + min(asked or self._pause, COOL_DOWN)
        self._pause = min(self._pause * 2, self._limits.longest_pause)

    def _keep(self, tokens: Tokens | None) -> None:
        """Keep a session, or none; in both cases which code was shown last, for the next run must not show it again."""
        if self._keeper is None or self._state is SessionState.LOGGED_OUT:
            return
        saved = (
            SavedSession(BROKER, self.account, {}) if tokens is None else tokens.saved(self.account, self.credentials)
        )
        self._keeper.save(
            replace(saved, details={**saved.details, _SHOWN: str(self._last_step), _BEGUN_AT: self._address})
        )

    def _step_shown(self, saved: SavedSession | None) -> int:
        """Return the step whose code an earlier run showed; 0 when it is none of now, as by another clock."""
        told = "" if saved is None else saved.details.get(_SHOWN, "")
        step = int(told) if told.isascii() and told.isdigit() else 0
        return self._near(step)

    def _near(self, step: int) -> int:
        # One that lies further ahead was shown by another clock, or before this one was put back.
        return step if step - self._step() <= 1 else 0
