"""The wire over a real loopback socket, and the same ledger as in process."""

import json
from typing import Any

import httpx

from engine.sim.host import hosted
from tests.sim.kotak.day import CALL, Day, Reply


def script(day: Day) -> list[tuple[int, str]]:
    """What one client does in a few seconds; the replies without what differs by address."""
    day.sign_in()
    number = day.placed(pr="80", ig="R1")
    replies = [day.place(pr="120"), day.orders()]
    day.passes()
    replies += [
        day.post("quick/order/cancel", {"on": number, "am": "NO"}),
        day.get("quick/user/positions"),
        day.get("script-details/1.0/quotes/neosymbol/nse_cm|Nifty 50,nse_fo|43125/all"),
        day.get("no/such/path"),
    ]
    day.passes()
    return [(reply.status, reply.text) for reply in [*replies, day.orders(), day.get("quick/user/trades")]]


class SocketDay(Day):
    """The day, spoken to over a socket; the clock moves in the server's thread."""

    address: str
    hosting: Any

    def request(self, method: str, path: str, headers: dict[str, str] | None = None, **body: Any) -> Reply:
        with httpx.Client(base_url=self.address, trust_env=False) as client:
            return Reply(client.request(method, path, headers=headers or {}, **body))

    def passes(self, seconds: float = 1) -> None:
        self.hosting.ask(super().passes, seconds)


def test_a_socket_and_no_socket_give_the_same_replies_and_the_same_ledger() -> None:
    day = SocketDay()
    with hosted({"kotak": day.app}) as hosting:
        day.hosting, day.address = hosting, hosting["kotak"]
        over_socket = script(day)
        assert httpx.URL(day.address).host == "127.0.0.1"
    other = Day()
    assert script(other) == over_socket
    mine, theirs = ([entry.as_json() for entry in one.exchange.ledger.entries()] for one in (day, other))
    assert mine == theirs
    assert {entry["kind"] for entry in mine} >= {"login", "call", "order", "fill", "cancel", "margin"}


def test_the_base_url_is_where_the_client_came_from() -> None:
    day = SocketDay()
    with hosted({"kotak": day.app}) as hosting:
        day.hosting, day.address = hosting, hosting["kotak"]
        data = day.second_step(day.first_step().body["data"]).body["data"]
        assert data["baseUrl"] == day.address
        access = {"Authorization": day.mine().access_token.reveal()}
        links = day.get("script-details/1.0/masterscrip/file-paths", access).body["data"]["filesPaths"]
        text = httpx.get(next(link for link in links if "nse_fo" in link), trust_env=False).text
        assert CALL in text
        assert json.loads(day.get("quick/user/orders", {}).text)["stCode"] == 1003
