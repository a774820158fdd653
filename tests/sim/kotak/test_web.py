"""What is done at the web terminal shows on the API of the same account (§12)."""

import asyncio
from typing import Any

import httpx
import pytest

from engine.sim.faults import FaultKind
from engine.sim.in_process import InProcess
from engine.sim.post import PostOffice
from engine.sim.terminal.app import Terminal
from engine.sim.terminal.members import made_member
from engine.sim.terminal.segments import KillSwitch
from engine.sim.terminal.signin import SignIn
from tests.sim.kotak.day import OTHER, UCC, Day


class Web:
    """The terminal of a day, and what its page would call."""

    def __init__(self, day: Day) -> None:
        own = day.mine()
        self.member = made_member(7, UCC, own.mobile, own.web_password)
        self.post_office = PostOffice()
        now = day.clock.now
        self.sign_in = SignIn((self.member,), self.post_office, day.exchange.ledger, now, seed=7, holds=day.clock)
        switch = KillSwitch(day.exchange, self.post_office, day.faults, now)
        self.app = Terminal(self.sign_in, switch, day.faults, now, end_api=day.wire.end_sessions).app
        self.cookies = httpx.Cookies()
        self.headers: dict[str, str] = {}

    def enter(self) -> None:
        attempt = self.sign_in.begin(self.member.mobile.reveal())
        self.sign_in.give_password(attempt, self.member.password.reveal())
        letter = self.post_office.box(self.member.email).letters[-1]
        otp = next(word for word in letter.text.split() if word.isdigit())
        entered = self.call("sign-in/otp", {"attempt": attempt, "otp": otp})
        self.cookies = entered.cookies
        self.headers = {f"x-{name}": piece for name, piece in entered.json().items()}

    def call(self, path: str, given: Any) -> httpx.Response:
        async def called() -> httpx.Response:
            kept = {"cookies": self.cookies, "headers": self.headers}
            async with httpx.AsyncClient(transport=InProcess(self.app), **kept) as client:
                return await client.post(f"http://web.test/api/{path}", json=given)

        return asyncio.run(called())


@pytest.fixture
def day() -> Day:
    return Day().sign_in()


def test_12_a_segment_disabled_at_the_terminal_refuses_new_orders_of_the_api(day: Day) -> None:
    web = Web(day)
    web.enter()
    before = day.placed()
    assert web.call("segments/disable", {"segments": ["fo"]}).status_code == 200
    after = day.order(day.placed())
    assert (day.order(before)["ordSt"], after["ordSt"]) == ("open", "rejected")
    assert after["rejRsn"].startswith("RMS:Segment is disabled by the client")
    assert day.told("lock")[0] | {"seq": 0, "at": ""} == {
        "seq": 0, "at": "", "account": UCC, "kind": "lock", "segments": ["BFO", "NFO"], "by": "web",
    }  # fmt: skip


def test_12_a_sign_in_at_the_terminal_leaves_the_api_session_alone(day: Day) -> None:
    Web(day).enter()
    assert day.orders().status == 200


def test_12_unless_the_broker_ends_it(day: Day) -> None:
    own = day.session
    others = day.sign_in(OTHER).session
    day.strike(FaultKind.WEB_ENDS_API)
    Web(day).enter()
    assert day.get("quick/user/orders", own).body["stCode"] == 100022
    assert day.get("quick/user/orders", others).status == 200
