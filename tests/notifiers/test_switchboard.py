"""Each message on its channels: at once, together when many, on another when one fails, and never silently lost."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from engine.domain.enums import Severity
from engine.domain.message import Delivery
from engine.notifiers.switchboard import Routes, Switchboard
from engine.sim.clock import SimClock
from tests.notifiers.recorded import START, Recorded, message

IST = ZoneInfo("Asia/Kolkata")
SECOND = timedelta(seconds=1)


def played(
    channels: Mapping[str, Recorded],
    play: Callable[[Switchboard, SimClock], Awaitable[None]],
    routes: Routes | None = None,
) -> list[Delivery]:
    heard: list[Delivery] = []

    async def run() -> None:
        clock = SimClock(START)
        usual = routes or Routes(tuple(channels))
        board = Switchboard(channels, usual, clock, IST, (heard.append,))
        async with board.running(timedelta(0)):
            await play(board, clock)

    asyncio.run(run())
    return heard


def test_a_message_goes_out_at_once_on_each_of_its_channels() -> None:
    channels = {"telegram": Recorded(), "call": Recorded("call"), "mail": Recorded("mail")}

    async def play(board: Switchboard, clock: SimClock) -> None:
        await board.tell(message(channels=("telegram", "call")))
        await clock.step(timedelta(0))

    heard = played(channels, play)
    assert [one.title for one in channels["telegram"].texts] == ["WARNING A1: daily-loss fires"]
    assert channels["telegram"].texts[0].body == "Loss 12,000.00 INR is beyond 10,000.00 INR\nat 11:30:00 IST"
    assert len(channels["call"].texts) == 1
    assert channels["mail"].texts == []
    assert {(one.channel, one.failure) for one in heard} == {("telegram", ""), ("call", "")}


def test_what_names_no_channel_goes_to_the_usual_ones() -> None:
    channels = {"telegram": Recorded(), "mail": Recorded("mail")}

    async def play(board: Switchboard, clock: SimClock) -> None:
        await board.tell(message())
        await board.tell(message(channels=("pager",)))
        await clock.step(4 * SECOND)

    played(channels, play, Routes(("mail",)))
    assert channels["telegram"].texts == []
    assert sum(2 if "2 messages" in one.title else 1 for one in channels["mail"].texts) == 2


def test_a_flood_is_one_message_with_counts_the_gravest_first() -> None:
    telegram = Recorded()

    async def play(board: Switchboard, clock: SimClock) -> None:
        await board.tell(message("the first"))
        await clock.step(timedelta(0))
        for _ in range(200):
            await board.tell(message("A2: order-storm fires"))
        await board.tell(message("A3: kill fires", Severity.CRITICAL))
        await clock.step(3 * SECOND)

    heard = played({"telegram": telegram}, play)
    assert [one.title for one in telegram.texts] == [
        "WARNING the first",
        "CRITICAL 201 messages: 1 critical, 200 warning",
    ]
    assert telegram.texts[1].body.splitlines() == [
        "11:30:00 CRITICAL A3: kill fires",
        "Loss 12,000.00 INR is beyond 10,000.00 INR",
        "11:30:00 WARNING A2: order-storm fires (200 times)",
        "Loss 12,000.00 INR is beyond 10,000.00 INR",
    ]
    assert len(heard) == 202


def test_a_failed_call_is_made_again_after_growing_delays() -> None:
    telegram = Recorded(failures_left=3)
    calls = []

    async def play(board: Switchboard, clock: SimClock) -> None:
        await board.tell(message())
        for _ in range(9):
            calls.append(telegram.calls)
            await clock.step(SECOND)

    played({"telegram": telegram}, play)
    assert calls == [0, 2, 2, 3, 3, 3, 3, 4, 4]
    assert len(telegram.texts) == 1


def test_what_the_first_channel_does_not_take_goes_to_the_second_which_says_why() -> None:
    channels = {"telegram": Recorded(failures_left=99), "mail": Recorded("mail"), "call": Recorded("call")}

    async def play(board: Switchboard, clock: SimClock) -> None:
        await board.tell(message(channels=("telegram",)))
        await clock.step(SECOND)
        assert board.health[0].failures == 2
        assert board.health[0].last_failure == "telegram: Bad Gateway"
        await clock.step(5 * SECOND)

    heard = played(channels, play, Routes(("telegram", "call"), {"telegram": "mail"}))
    assert [(one.channel, one.failure) for one in heard[:1]] == [("mail", "")]
    said = "\n".join(f"{one.title}\n{one.body}" for one in channels["mail"].texts)
    assert "A1: daily-loss fires" in said
    assert "The channel telegram takes no messages" in said
    assert "telegram: Bad Gateway" in said
    assert channels["call"].texts == []


def test_what_is_critical_goes_to_the_second_channel_after_the_first_failure() -> None:
    channels = {"telegram": Recorded(failures_left=1), "call": Recorded("call")}

    async def play(board: Switchboard, clock: SimClock) -> None:
        await board.tell(message(severity=Severity.CRITICAL, channels=("telegram",)))
        await clock.step(timedelta(0))

    played(channels, play)
    assert channels["telegram"].calls == 1
    assert [one.title for one in channels["call"].texts] == ["CRITICAL A1: daily-loss fires"]


def test_a_channel_that_takes_messages_again_is_told_of() -> None:
    channels = {"telegram": Recorded(failures_left=2), "mail": Recorded("mail")}

    async def play(board: Switchboard, clock: SimClock) -> None:
        await board.tell(message(channels=("telegram",)))
        await clock.step(10 * SECOND)
        await board.tell(message(channels=("telegram",)))
        await clock.step(10 * SECOND)
        assert board.health[0].failing_since is None
        assert board.health[0].told == 1

    played(channels, play)
    assert channels["mail"].texts[-1].title == "INFO The channel telegram takes messages again"


def test_what_nobody_takes_for_half_an_hour_is_given_up_and_counted() -> None:
    channels = {"telegram": Recorded(failures_left=999), "mail": Recorded("mail", failures_left=999)}

    async def play(board: Switchboard, clock: SimClock) -> None:
        await board.tell(message(channels=("telegram", "mail")))
        for _ in range(40):
            await clock.step(timedelta(minutes=1))
        assert [one.lost for one in board.health] != [0, 0]

    heard = played(channels, play)
    assert {
        (one.channel, one.failure) for one in heard if one.message.policy == "" and "daily-loss" in one.message.title
    } == {
        ("telegram", "telegram: Bad Gateway"),
        ("mail", "mail: Bad Gateway"),
    }


def test_a_message_without_any_channel_is_counted_and_told_of() -> None:
    async def play(board: Switchboard, clock: SimClock) -> None:
        await board.tell(message())
        assert board.unheard == 1

    heard = played({}, play)
    assert [one.failure for one in heard] == ["there is no channel to tell it on"]


def test_a_channel_that_breaks_does_not_end_the_others() -> None:
    class Broken(Recorded):
        async def send(self, text: object) -> None:
            raise ZeroDivisionError

    channels = {"telegram": Broken(), "mail": Recorded("mail")}

    async def play(board: Switchboard, clock: SimClock) -> None:
        await board.tell(message(channels=("telegram",)))
        await clock.step(5 * SECOND)
        assert board.health[0].last_failure == "our own fault: ZeroDivisionError"

    played(channels, play)
    assert channels["mail"].texts


def test_what_waits_at_the_end_is_still_sent() -> None:
    telegram = Recorded()

    async def run() -> None:
        board = Switchboard({"telegram": telegram}, Routes(("telegram",)), SimClock(START), IST)
        async with board.running():
            await board.tell(message())

    asyncio.run(run())
    assert len(telegram.texts) == 1


def test_more_than_can_wait_costs_the_oldest_that_is_not_critical() -> None:
    telegram = Recorded(failures_left=1)

    async def play(board: Switchboard, clock: SimClock) -> None:
        await board.tell(message("kill", Severity.CRITICAL))
        for number in range(1200):
            await board.tell(message(f"warning {number}"))
        assert board.health[0].waiting == 1000
        assert board.health[0].lost == 201
        await clock.step(5 * SECOND)

    played({"telegram": telegram}, play)
    assert telegram.texts[0].title == "CRITICAL 1000 messages: 1 critical, 999 warning"
    assert telegram.texts[0].body.splitlines()[-1] == "and 980 more"
