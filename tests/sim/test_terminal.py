"""The web terminal over a simulation, asked without a browser: its clock, its faults, its ledger, what it refuses."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from engine.domain.secret import Secret
from engine.runtime.scenarios import load_scenario
from engine.sim.clock import Pace
from engine.sim.exchange.words import Call, Entry
from engine.sim.faults import Fault, FaultKind
from engine.sim.in_process import InProcess
from engine.sim.simulation import Simulation
from engine.sim.terminal.app import COOKIE, Terminal
from engine.sim.terminal.members import made_member, ten_digits
from engine.sim.terminal.segments import KillSwitch
from engine.sim.terminal.signin import SignIn

MEMBER = made_member(1, "A", Secret("+919876500001"), Secret("correct horse"))
WEB = frozenset({Call.WEB})


class Site:
    """A terminal over a whole simulation, and a client that keeps the three pieces of its session."""

    def __init__(self, *faults: Fault, needs_flat: bool = False) -> None:
        scenario = load_scenario("kill-day")
        if needs_flat:
            setup = scenario.setup
            scenario = replace(scenario, setup=replace(setup, rules=replace(setup.rules, lock_needs_flat=True)))
        self.simulation = Simulation(scenario, pace=Pace.STEPPED)
        for fault in faults:
            self.simulation.faults.add(fault)
        now, clock = self.simulation.clock.now, self.simulation.clock
        self.sign_in = SignIn((MEMBER,), self.simulation.post, self.simulation.ledger, now, holds=clock)
        clock.carry(self.sign_in)
        switch = KillSwitch(self.simulation.exchange, self.simulation.post, self.simulation.faults, now)
        terminal = Terminal(self.sign_in, switch, self.simulation.faults, now)
        self._client = httpx.AsyncClient(
            transport=InProcess(terminal.guarded(self.simulation.guard)), base_url="http://web"
        )

    async def __aenter__(self) -> "Site":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def get(self, path: str) -> httpx.Response:
        return await self._client.get(path)

    async def post(self, path: str, given: Any = None) -> httpx.Response:
        return await self._client.post(f"/api/{path}", json={} if given is None else given)

    async def post_raw(self, path: str, body: bytes) -> httpx.Response:
        return await self._client.post(f"/api/{path}", content=body)

    def otp(self) -> str:
        letter = self.simulation.post.box(MEMBER.email).letters[-1]
        return re.search(r"\d{6}", letter.text).group()

    async def to_otp(self) -> str:
        attempt = (await self.post("sign-in/mobile", {"mobile": "98765 00001"})).json()["attempt"]
        sent = await self.post("sign-in/password", {"attempt": attempt, "password": "correct horse"})
        assert sent.json() == {"sent_to": "e-mail a•••@mail.test"}
        return attempt

    async def enter(self) -> None:
        answer = await self.post("sign-in/otp", {"attempt": await self.to_otp(), "otp": self.otp()})
        pieces = answer.json()
        self._client.headers.update({"x-token": pieces["token"], "x-device": pieces["device"]})

    async def locked(self) -> list[str]:
        return sorted(self.simulation.exchange.locked("A"))

    def calls(self) -> list[tuple[str, int, bool]]:
        entries = [entry for entry in self.simulation.ledger.entries() if entry.kind is Entry.CALL]
        return [(one.details["path"], one.details["status"], one.details["authenticated"]) for one in entries]


def visit(act, *faults: Fault, **given: bool) -> None:
    async def visited() -> None:
        async with Site(*faults, **given) as site:
            await act(site)

    asyncio.run(visited())


def test_the_ledger_tells_of_calls_but_not_of_files() -> None:
    async def act(site: Site) -> None:
        await site.get("/")
        assert (await site.get("/pages/html.js")).headers["content-type"].startswith("text/javascript")
        await site.enter()
        assert (await site.get("/api/profile")).json()["account"] == "A"
        assert site.calls() == [
            ("/", 200, False),
            ("/api/sign-in/mobile", 200, False),
            ("/api/sign-in/password", 200, False),
            ("/api/sign-in/otp", 200, False),
            ("/api/profile", 200, True),
        ]

    visit(act)


def test_the_kill_switch_locks_at_the_exchange() -> None:
    async def act(site: Site) -> None:
        await site.enter()
        lines = (await site.post("segments/disable", {"segments": ["fo", "equity"]})).json()
        assert [(line["name"], line["active"]) for line in lines] == [
            ("Equity", False),
            ("Equity F&O", False),
            ("Currency F&O", True),
            ("Commodity F&O", True),
        ]
        assert (await site.get("/api/segments")).json() == lines
        assert await site.locked() == ["BFO", "BSE", "NFO", "NSE"]
        letter = site.simulation.post.box(MEMBER.email).letters[-1]
        assert letter.subject == "Kill Switch Activated"
        assert "account A: Equity, Equity F&O." in letter.text
        assert "23 Nov 2026 at" in letter.text

    visit(act)


def test_a_broker_that_wants_a_flat_book_refuses() -> None:
    async def act(site: Site) -> None:
        await site.enter()
        answer = await site.post("segments/disable", {"segments": ["fo"]})
        assert (answer.status_code, answer.json()["error"][:21]) == (409, "Close your positions ")
        assert await site.locked() == []

    visit(act, needs_flat=True)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"segments": []}, "Choose at least one segment."),
        ({"segments": "fo"}, "Choose at least one segment."),
        ({}, "Choose at least one segment."),
        ({"segments": ["bonds"]}, "There is no segment 'bonds'."),
        (["fo"], "Something went wrong. Try again."),
    ],
)
def test_a_choice_that_is_none_is_refused(given: Any, error: str) -> None:
    async def act(site: Site) -> None:
        await site.enter()
        answer = await site.post("segments/disable", given)
        assert (answer.status_code, answer.json()["error"]) == (400, error)
        assert await site.locked() == []

    visit(act)


@pytest.mark.parametrize("path", ["/pages/../app.py", "/pages/html.html", "/pages/none.js", "/pages/%2e%2e%2fapp.py"])
def test_only_the_files_of_the_pages_are_served(path: str) -> None:
    async def act(site: Site) -> None:
        answer = await site.get(path)
        assert "Starlette" not in answer.text

    visit(act)


def test_a_call_that_does_not_exist_is_no_page() -> None:
    async def act(site: Site) -> None:
        assert [(await site.get("/api/orders")).status_code, (await site.post("orders")).status_code] == [404, 404]
        assert (await site.get("/orders")).headers["content-type"].startswith("text/html")

    visit(act)


def test_a_sign_in_holds_the_clock_until_it_is_done() -> None:
    async def act(site: Site) -> None:
        clock = site.simulation.clock
        attempt = await site.to_otp()
        assert clock.holds == {"login": 1}
        await site.post("sign-in/otp", {"attempt": attempt, "otp": site.otp()})
        assert clock.holds == {}

    visit(act)


def test_a_sign_in_nobody_goes_on_with_is_given_up() -> None:
    async def act(site: Site) -> None:
        clock = site.simulation.clock
        attempt = await site.to_otp()
        await clock.step(timedelta(minutes=10))
        assert (clock.holds, site.sign_in.next_event_at()) == ({}, None)
        answer = await site.post("sign-in/otp", {"attempt": attempt, "otp": site.otp()})
        assert answer.json() == {"error": "Your sign-in has timed out. Start again.", "restart": True}

    visit(act)


def test_who_is_locked_out_holds_nothing() -> None:
    async def act(site: Site) -> None:
        attempt = await site.to_otp()
        for _ in range(3):
            await site.post("sign-in/otp", {"attempt": attempt, "otp": "no"})
        assert site.simulation.clock.holds == {}
        again = (await site.post("sign-in/mobile", {"mobile": "9876500001"})).json()["attempt"]
        answer = await site.post("sign-in/password", {"attempt": again, "password": "correct horse"})
        assert answer.json() == {"error": "Too many wrong attempts. Try again after 30 minutes.", "restart": True}
        assert site.simulation.clock.holds == {}

    visit(act)


def test_sign_ins_that_are_given_up_together_let_go_of_time_once_each() -> None:
    async def act(site: Site) -> None:
        clock = site.simulation.clock
        for _ in range(3):
            await site.post("sign-in/mobile", {"mobile": "9876500001"})
        assert clock.holds["login"] == 3
        clock.move_to(clock.now() + timedelta(minutes=11))
        assert (clock.holds, site.sign_in.next_event_at()) == ({}, None)

    visit(act)


def test_a_body_of_endless_brackets_is_no_body() -> None:
    async def act(site: Site) -> None:
        answer = await site.post_raw("sign-in/mobile", b"[" * 100_000)
        assert answer.status_code == 400

    visit(act)


def test_an_otp_needs_the_password_first() -> None:
    async def act(site: Site) -> None:
        attempt = (await site.post("sign-in/mobile", {"mobile": "9876500001"})).json()["attempt"]
        for path in ("otp", "resend"):
            answer = await site.post(f"sign-in/{path}", {"attempt": attempt, "otp": ""})
            assert answer.json() == {"error": "Enter your password first.", "restart": True}

    visit(act)


def test_a_session_expires_where_a_fault_names_the_web() -> None:
    async def act(site: Site) -> None:
        await site.enter()
        assert (await site.get("/api/profile")).status_code == 200
        site.simulation.faults.add(Fault(FaultKind.SESSION_EXPIRED, calls=WEB, times=1))
        answer = await site.get("/api/profile")
        assert (answer.status_code, answer.json()["restart"]) == (401, True)
        assert (await site.get("/api/profile")).status_code == 401

    # One that names no calls is the API's alone.
    visit(act, Fault(FaultKind.SESSION_EXPIRED, times=1), Fault(FaultKind.OUTAGE))


def test_a_cookie_alone_opens_nothing() -> None:
    async def act(site: Site) -> None:
        await site.enter()
        del site._client.headers["x-device"]
        assert COOKIE in site._client.cookies
        assert (await site.get("/api/segments")).status_code == 401
        assert site.calls()[-1] == ("/api/segments", 401, False)

    visit(act)


def test_a_slow_page_takes_its_time() -> None:
    async def act(site: Site) -> None:
        clock = site.simulation.clock
        started = clock.now()
        assert (await clock.drive(site.get("/"))).status_code == 200
        assert clock.now() - started == timedelta(seconds=7)
        assert (await clock.drive(site.get("/pages/html.js"))).status_code == 200
        assert clock.now() - started == timedelta(seconds=7)

    visit(act, Fault(FaultKind.SLOW, calls=WEB, details={"seconds": 7}))


def test_equal_seeds_give_equal_codes() -> None:
    async def codes(seed: int) -> list[str]:
        async with Site() as site:
            site.sign_in._seed = seed
            found = []
            for _ in range(3):
                await site.to_otp()
                found.append(site.otp())
            return found

    first, again, other = (asyncio.run(codes(seed)) for seed in (1, 1, 2))
    assert (first == again, first == other, len(set(first))) == (True, False, 3)


@pytest.mark.parametrize("typed", ["9876500001", "+91 98765-00001", "09876500001"])
def test_a_mobile_number_may_be_typed_in_many_ways(typed: str) -> None:
    assert ten_digits(typed) == "9876500001"
