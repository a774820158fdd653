"""The few words of ASGI the simulator is built of, and how an application hangs up in the middle of a call."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
HangUp = Callable[[], Awaitable[None]]

# The extension of a scope under which a server offers a `HangUp`.
HANG_UP: Final = "rekha.hang_up"


async def hang_up(scope: Scope) -> None:
    """Send what is written, close the connection, and answer nothing more."""
    close: HangUp = scope["extensions"][HANG_UP]
    await close()
