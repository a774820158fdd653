"""Channels by what they are addressed with: Telegram, e-mail, calls and the rest, spoken to through Apprise."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from engine.domain.enums import Severity
from engine.domain.message import Text
from engine.domain.secret import Secret
from engine.errors import NotifyError, SettingsError

if TYPE_CHECKING:
    import apprise

# An answer that takes longer is no answer; the message is tried again.
_PATIENCE: Final = 10.0
_KINDS: Final[Mapping[Severity, str]] = {
    Severity.INFO: "info",
    Severity.WARNING: "warning",
    Severity.CRITICAL: "failure",
}


class ServiceChannel:
    """Fills `engine.ports.Channel` by one address of Apprise's, such as tgram://TOKEN/CHAT."""

    def __init__(self, name: str, address: Secret) -> None:
        """Take an address up; nothing is sent. Raises: SettingsError when it is none, without showing it."""
        self._name = name
        opened = _opened(address)
        if opened is None:
            raise SettingsError(
                f"the address of the channel {name} cannot be read; it is one of Apprise's, such as tgram://TOKEN/CHAT"
            )
        self._apprise = opened

    async def send(self, text: Text) -> None:
        """Send a text and wait until the service has taken it. Raises: NotifyError."""
        result = await self._apprise.async_notify(
            body=text.body or text.title,
            title=text.title if text.body else "",
            notify_type=_KINDS[text.severity],
            body_format="text",
            timeout=_PATIENCE,
        )
        if result:
            return
        # The library hides tokens in what it logs.
        said = [entry.message for one in result.results for attempt in one.attempts for entry in attempt.logs]
        raise NotifyError(f"{self._name}: {said[-1] if said else f'nobody took it within {_PATIENCE:g} s'}")


def _opened(address: Secret) -> "apprise.Apprise | None":
    # It loads for half a second, and most commands tell nobody anything.
    import apprise

    # Nothing of what is told is kept on disk.
    asset = apprise.AppriseAsset(storage_mode=apprise.PersistentStoreMode.MEMORY)
    opened = apprise.Apprise(asset=asset)
    return opened if opened.add(address.reveal()) else None
