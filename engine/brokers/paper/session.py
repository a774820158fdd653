"""One account's session: one login at a time, not too many refused ones, none after a logout."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from engine.brokers.paper.house import BROKER
from engine.errors import BrokerAuthError, BrokerLoggedOut, BrokerSessionExpired
from engine.ports import SessionState

# So many refused logins in a row, and a person must look: more of them lock accounts.
MOST_REFUSED: Final = 3


class Session:
    """Holds the token, and knows when it may be renewed."""

    def __init__(self, account: str, log_in: Callable[[], Awaitable[str]]) -> None:
        self.state = SessionState.NONE
        self._account = account
        self._log_in = log_in
        self._token: str | None = None
        self._refused = 0
        self._one_at_a_time = asyncio.Lock()

    async def open(self) -> None:
        """Log in unless the session is open; whoever comes while a login runs waits for that one."""
        async with self._one_at_a_time:
            self._allow()
            if self.state is SessionState.OPEN:
                return
            try:
                token = await self._log_in()
            except BrokerAuthError:
                self._refused += 1
                if self._refused >= MOST_REFUSED:
                    self._move(SessionState.REFUSED)
                raise
            self._refused = 0
            if self._move(SessionState.OPEN):
                self._token = token

    def held(self) -> str:
        """Return the token. Raises: BrokerLoggedOut, BrokerAuthError; BrokerSessionExpired when there is none."""
        self._allow()
        if self._token is None:
            raise BrokerSessionExpired("no session", account=self._account, broker=BROKER)
        return self._token

    def expired(self, token: str) -> None:
        """Take note that a token was refused; of one that is not in use any more it says nothing."""
        if token == self._token and self._move(SessionState.EXPIRED):
            self._token = None

    def end(self) -> str | None:
        """End it for good and return the token it had."""
        token, self._token = self._token, None
        self.state = SessionState.LOGGED_OUT
        return token

    def _allow(self) -> None:
        if self.state is SessionState.LOGGED_OUT:
            raise BrokerLoggedOut("logged out; nothing is asked any more", account=self._account, broker=BROKER)
        if self.state is SessionState.REFUSED:
            text = f"{self._refused} logins were refused; check client code and password"
            raise BrokerAuthError(text, account=self._account, broker=BROKER)

    def _move(self, state: SessionState) -> bool:
        # A logout may overtake whatever is on its way.
        if self.state is not SessionState.LOGGED_OUT:
            self.state = state
        return self.state is state
