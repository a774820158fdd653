"""The control of a running simulation: what it tells, what it does, what it refuses."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from engine.runtime.scenarios import load_scenario
from engine.sim.asgi import App
from engine.sim.clock import Pace
from engine.sim.control import control
from engine.sim.host import hosted
from engine.sim.in_process import InProcess
from engine.sim.simulation import Simulation


class Controlled:
    """A simulation of a shipped scenario, at a stepped clock, asked in process."""

    def __init__(self, name: str) -> None:
        self.simulation = Simulation(load_scenario(name), pace=Pace.STEPPED)
        self._app: App = control(self.simulation)

    def get(self, path: str) -> Any:
        return self._answer("GET", path)

    def post(self, path: str, told: str | dict[str, Any]) -> Any:
        return self._answer("POST", path, told)

    def refusal(self, path: str, told: str | dict[str, Any]) -> str:
        status, answer = asyncio.run(self._ask("POST", path, told))
        assert status == 400
        return str(answer["error"])

    def delete(self, path: str) -> Any:
        return self._answer("DELETE", path)

    def _answer(self, method: str, path: str, told: str | dict[str, Any] = "") -> Any:
        status, answer = asyncio.run(self._ask(method, path, told))
        assert status == 200, answer
        return answer

    async def _ask(self, method: str, path: str, told: str | dict[str, Any] = "") -> tuple[int, Any]:
        async with httpx.AsyncClient(base_url="http://sim", transport=InProcess(self._app)) as client:
            body: dict[str, Any] = {"json": told} if isinstance(told, dict) else {"content": told.encode()}
            answer = await client.request(method, f"/_sim/{path}", **body)
            return answer.status_code, answer.json()


@pytest.fixture
def quiet() -> Controlled:
    return Controlled("quiet-day")


def test_the_clock_is_told_and_stepped(quiet: Controlled) -> None:
    assert quiet.get("clock") == {
        "now": "2026-11-23T03:44:00+00:00",
        "pace": "stepped",
        "rate": 1,
        "flows": False,
        "holds": {},
        "next_event_at": quiet.get("clock")["next_event_at"],
    }
    assert quiet.post("clock", {"step": "90s"})["now"] == "2026-11-23T03:45:30+00:00"
    assert quiet.post("clock", {"to": "10:00"})["now"] == "2026-11-23T04:30:00+00:00"
    assert quiet.post("clock", "hold: kill\nrate: 2")["holds"] == {"kill": 1}
    assert quiet.post("clock", {"release": "kill"})["holds"] == {}


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"to": "09:00"}, "time does not go back"),
        ({"rate": 9}, "the rate is a number from 1 to 4, not 9.0"),
        ({"stepp": "1s"}, "unknown key 'stepp' (did you mean 'step'?)"),
        ({"step": "a while"}, "'a while' is not a value for 'step'"),
        ("", "the request is no mapping of names to values"),
        ("[1, 2]", "a list is not what 'the file' takes (how time shall go on)"),
        ("{", "not valid YAML"),
    ],
)
def test_what_time_cannot_do_is_refused(quiet: Controlled, told: str | dict[str, Any], said: str) -> None:
    assert said in quiet.refusal("clock", told)


def test_the_ledger_is_told_from_a_number_on(quiet: Controlled) -> None:
    everything = quiet.get("ledger")
    assert [entry["seq"] for entry in everything] == list(range(1, len(everything) + 1))
    assert quiet.get(f"ledger?after={len(everything) - 1}") == everything[-1:]
    assert {entry["kind"] for entry in quiet.get("ledger?kind=order&account=A")} == {"order"}
    assert quiet.get("ledger?account=nobody") == []


def test_a_ledger_number_is_a_number(quiet: Controlled) -> None:
    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(base_url="http://sim", transport=InProcess(control(quiet.simulation))) as client:
            return await client.get("/_sim/ledger?after=x")

    answer = asyncio.run(ask())
    assert (answer.status_code, answer.json()) == (400, {"error": "after is the number of an entry, not 'x'"})


def test_faults_come_and_go(quiet: Controlled) -> None:
    added = quiet.post("faults", {"fault": "slow", "accounts": ["A"], "calls": ["place"], "seconds": 8, "to": "10:00"})
    assert added == {
        "number": 1,
        "fault": "slow",
        "accounts": ["A"],
        "calls": ["place"],
        "since": None,
        "until": "2026-11-23T04:30:00+00:00",
        "times": None,
        "seconds": "8",
    }
    assert quiet.post("faults", "fault: outage\ntimes: 2")["times"] == 2
    assert [fault["number"] for fault in quiet.get("faults")] == [1, 2]
    assert [fault["number"] for fault in quiet.delete("faults?number=1")] == [2]
    assert quiet.delete("faults") == []


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"fault": "outtage"}, "'outtage' is not a choice for 'fault' (did you mean 'outage'?)"),
        ({"fault": "slow", "accounts": ["Z"]}, "there is no account 'Z'; known are A, B"),
        ({"calls": ["plac"]}, "the key 'fault' is missing"),
        ({"fault": "slow", "seconds": 1.5}, "'1.5' is not a value for 'seconds'"),
        ({"fault": "slow", "times": 0}, "'0' is not a value for 'times'"),
        ({"fault": "outage", "status": 99999}, "'99999' is not a value for 'status'"),
        ({"fault": "broker_error", "code": 1.5}, "'1.5' is not a value for 'code'"),
        ({"fault": "slow", "from": "10:00", "to": "09:00"}, "it is over before it begins"),
    ],
)
def test_a_fault_nobody_knows_is_refused(quiet: Controlled, told: dict[str, Any], said: str) -> None:
    assert said in quiet.refusal("faults", told)
    assert quiet.get("faults") == []


def test_a_session_expires_for_one_or_for_all(quiet: Controlled) -> None:
    assert [(one["fault"], one["accounts"], one["times"]) for one in quiet.post("session/expire", "{account: B}")] == [
        ("session_expired", ["B"], 1)
    ]
    assert [one["accounts"] for one in quiet.post("session/expire", "{}")] == [["A"], ["B"]]


def test_a_price_holds_until_the_scenarios_next_and_a_gap_for_the_day(quiet: Controlled) -> None:
    call = "NIFTY 24200 CE 01DEC"
    quiet.post("clock", {"to": "09:15:30"})
    assert quiet.post("price", {"contract": call, "last": 140}) == {"symbol": "NIFTY26D0124200CE", "last_price": "140"}
    quiet.post("clock", {"to": "09:16:30"})
    assert quiet.post("price", {"contract": call, "by": "+0.25"})["last_price"] == "109.75"
    quiet.post("clock", {"to": "15:30"})
    market = quiet.simulation.exchange.market(("NFO", "NIFTY26D0124200CE"))
    assert market is not None
    assert str(market.last_price) == "101.50"


def test_a_side_of_the_depth_can_be_empty(quiet: Controlled) -> None:
    quiet.post("price", {"contract": "NIFTY 24200 CE 01DEC", "last": 140, "without": "offers"})
    market = quiet.simulation.exchange.market(("NFO", "NIFTY26D0124200CE"))
    assert market is not None
    assert (market.asks, bool(market.bids)) == ((), True)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"contract": "NIFTY 24200 PE 01DEC", "last": 1}, "no contract 'NIFTY 24200 PE 01DEC' is listed"),
        ({"contract": "NIFTY 24200 CE 01DEC"}, "a price is told as last, or as by how much it gaps"),
        ({"contract": "NIFTY 24200 CE 01DEC", "last": 0}, "'0' is not a value for 'last'"),
        ({"contract": "NIFTY 24200 CE 01DEC", "by": -1000}, "a price stays above 0: NIFTY26D0124200CE is at 110"),
        ({"contract": "NIFTY 24200 CE 01DEC", "last": 1, "by": 1}, "a price is told as last, or as by how much"),
    ],
)
def test_a_price_of_nothing_is_refused(quiet: Controlled, told: dict[str, Any], said: str) -> None:
    assert said in quiet.refusal("price", told)


def test_what_a_trader_has_not_got_cannot_be_cancelled(quiet: Controlled) -> None:
    assert quiet.refusal("hand", {"do": "A cancel NOPE"}) == "A has no working order with the tag NOPE"


def test_a_trader_acts_now_and_the_state_shows_it(quiet: Controlled) -> None:
    quiet.post("clock", {"to": "09:20"})
    (order,) = quiet.post("hand", {"do": "A sell 65 NIFTY 24500 CE 01DEC NRML limit 30 tag T1"})
    assert (order["kind"], order["account"], order["tag"], order["source"]) == ("order", "A", "T1", "scenario")
    quiet.post("clock", {"step": "5s"})
    state = quiet.get("state")
    (sold,) = [one for one in state["A"]["orders"] if one["tag"] == "T1"]
    assert (sold["stage"], sold["filled_quantity"], sold["side"]) == ("complete", "65", "SELL")
    assert {one["symbol"]: one["net"] for one in state["A"]["positions"]} == {
        "NIFTY26D0124200CE": "-130",
        "NIFTY26D0123800PE": "-130",
        "NIFTY26D0124500CE": "65",
        "NIFTY26D0123500PE": "130",
    }
    assert (state["B"]["money"]["cash"], state["B"]["positions"], state["B"]["locked"]) == ("500000", [], [])
    assert "there is no account 'D'" in quiet.refusal("hand", {"do": "D cancel T1"})


def test_fills_can_be_ruled(quiet: Controlled) -> None:
    quiet.post("clock", {"to": "09:20"})
    quiet.post("fills", {"share": "0%", "contracts": ["NIFTY 24500 CE 01DEC"]})
    quiet.post("hand", {"do": "A sell 65 NIFTY 24500 CE 01DEC NRML limit 30 tag T1"})
    quiet.post("clock", {"step": "5m"})
    (sold,) = [one for one in quiet.get("state")["A"]["orders"] if one["tag"] == "T1"]
    assert (sold["stage"], sold["filled_quantity"]) == ("open", "0")


def test_the_scenario_is_told_as_it_stands(quiet: Controlled) -> None:
    told = quiet.get("scenario")
    assert (told["name"], told["seed"], told["accounts"]) == ("quiet-day", 0, ["A", "B"])
    assert told["text"] == quiet.simulation.scenario.text


def test_text_messages_are_read_here(quiet: Controlled) -> None:
    quiet.simulation.post.text("A", "123456 is your code", datetime(2026, 11, 23, 4, 0, tzinfo=UTC))
    assert quiet.get("sms?account=B") == []
    assert quiet.get("sms") == [{"at": "2026-11-23T04:00:00+00:00", "account": "A", "text": "123456 is your code"}]


def test_it_is_served_beside_the_running_clock() -> None:
    simulation = Simulation(load_scenario("gap"), pace=Pace.STEPPED)
    with hosted({"control": control(simulation)}, beside=simulation.clock.run) as hosting:
        assert httpx.post(f"{hosting['control']}/_sim/clock", json={"step": "60s"}).status_code == 200
        assert httpx.get(f"{hosting['control']}/_sim/nothing").status_code == 404
    assert simulation.clock.now() == simulation.scenario.setup.start + timedelta(seconds=60)
