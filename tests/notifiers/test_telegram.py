"""Messages over HTTP, to what answers like Telegram."""

import asyncio
import pickle
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.domain.enums import Severity
from engine.domain.message import Text
from engine.domain.secret import Secret
from engine.errors import NotifyError, SettingsError
from engine.notifiers.services import ServiceChannel
from engine.notifiers.switchboard import Routes, Switchboard
from engine.sim.clock import SimClock
from tests.notifiers.recorded import START, Recorded, message
from tests.notifiers.telegram import ADDRESS, CHAT, TOKEN, telegram

TEXT = Text("CRITICAL A1: kill fires", "Loss < 10,000.00 INR & more\nat 11:30:00 IST", Severity.CRITICAL)


def test_a_text_arrives_as_it_was_written() -> None:
    async def run() -> list[tuple[str, str]]:
        async with telegram() as fake:
            await ServiceChannel("telegram", ADDRESS).send(TEXT)
            return fake.sent

    [(chat, text)] = asyncio.run(run())
    assert chat == CHAT
    assert text.replace("\r", "") == (
        "<b>CRITICAL A1: kill fires</b>\nLoss &lt; 10,000.00 INR &amp; more\nat 11:30:00 IST"
    )


@pytest.mark.parametrize(("failures", "address", "why"), [(1, ADDRESS, "Bad Gateway"), (0, None, "Unauthorized")])
def test_a_refusal_is_told_in_the_services_words_and_without_the_token(
    failures: int, address: Secret | None, why: str
) -> None:
    other = Secret(f"tgram://{TOKEN.replace('fake', 'other')}/{CHAT}")

    async def run() -> None:
        async with telegram() as fake:
            fake.failures_left = failures
            await ServiceChannel("telegram", address or other).send(TEXT)

    with pytest.raises(NotifyError, match=why) as caught:
        asyncio.run(run())
    assert "token" not in str(caught.value)


def test_what_is_no_address_is_refused_and_not_shown() -> None:
    with pytest.raises(SettingsError, match="the channel telegram cannot be read") as caught:
        ServiceChannel("telegram", Secret("tgrm://abc/def"))
    assert "abc" not in str(caught.value)


def test_the_second_channel_is_taken_while_telegram_is_down_and_telegram_again_after_it() -> None:
    mail = Recorded("mail")

    async def run() -> list[str]:
        clock = SimClock(START)
        async with telegram() as fake:
            fake.failures_left = 1
            channels = {"telegram": ServiceChannel("telegram", ADDRESS), "mail": mail}
            board = Switchboard(channels, Routes(("telegram", "mail")), clock, ZoneInfo("Asia/Kolkata"))
            async with board.running():
                await board.tell(message("first", Severity.CRITICAL, channels=("telegram",)))
                await until(lambda: bool(mail.texts), clock)
                await board.tell(message("second", Severity.CRITICAL, channels=("telegram",)))
                await until(lambda: bool(fake.sent), clock)
            return [text for _, text in fake.sent]

    [text] = asyncio.run(run())
    assert [one.title for one in mail.texts] == ["CRITICAL first"]
    assert text.startswith("<b>CRITICAL second</b>")


async def until(holds: Callable[[], bool], clock: SimClock) -> None:
    # A thread of the service's library is on its way: time goes by without it.
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.005)
            await clock.step(timedelta(milliseconds=100))


def test_a_channel_does_not_give_its_address_away() -> None:
    service = ServiceChannel("telegram", ADDRESS)
    assert TOKEN not in repr(service)
    with pytest.raises(Exception, match=r"secret|pickle"):
        pickle.dumps(ADDRESS)
