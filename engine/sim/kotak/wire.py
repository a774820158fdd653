"""The broker on the wire: opens and checks sessions, counts calls, and gives each to who answers it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, TypeVar

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Match, Route, WebSocketRoute

from engine.sim.asgi import Scope
from engine.sim.clock import SimClock
from engine.sim.exchange.exchange import Exchange
from engine.sim.exchange.words import Call
from engine.sim.fault_layer import Answer as RawAnswer
from engine.sim.fault_layer import Called
from engine.sim.faults import FaultKind, Faults
from engine.sim.kotak import replies
from engine.sim.kotak.ask import Ask
from engine.sim.kotak.body_faults import spoiled
from engine.sim.kotak.credentials import Credentials
from engine.sim.kotak.endpoints import CLIENT_ADDRESS, ENDPOINTS, FIRST_STEP, SECOND_STEP, Endpoint
from engine.sim.kotak.forms import read_form
from engine.sim.kotak.limiter import Limiter
from engine.sim.kotak.listing import Listing
from engine.sim.kotak.login import Login
from engine.sim.kotak.replies import Answer
from engine.sim.kotak.scrips import FOLDER, scrip_file
from engine.sim.kotak.sessions import Kind, Sessions
from engine.sim.kotak.stream import PATH, Stream

_Meant = TypeVar("_Meant")

_NOT_THERE: Final = Answer({"message": "no Route matched with those values"}, 404)


@dataclass(frozen=True, slots=True)
class Manner:
    """
    What differs from one client's broker to another's.

    base_path: the path of the base URL (`/gateway/e43`), given at the login; the calls after it are found under it
    alone. calls_per_second: of every kind together; None for no limit.
    """

    base_path: str = ""
    calls_per_second: int | None = 10


class KotakWire:
    """Kotak Neo for the accounts of one exchange; `app` is what a server serves."""

    # What the layer of faults says in the broker's own words.
    refusals: Mapping[FaultKind, RawAnswer] = MappingProxyType(
        {
            FaultKind.RATE_LIMITED: RawAnswer(
                replies.RATE_LIMITED.status, replies.RATE_LIMITED.as_bytes(), "application/json"
            )
        }
    )

    def __init__(
        self,
        exchange: Exchange,
        credentials: Iterable[Credentials],
        *,
        clock: SimClock,
        faults: Faults,
        seed: int = 0,
        manner: Manner = Manner(),
    ) -> None:
        known = {one.ucc: one for one in credentials}
        self.sessions = Sessions(seed)
        self._exchange = exchange
        self._listing = Listing(exchange.contracts())
        self._access = {one.access_token.reveal(): ucc for ucc, one in known.items()}
        self._login = Login(known, self.sessions, exchange.ledger)
        self._now = clock.now
        stream = Stream(exchange, self._listing, self.sessions, faults, clock)
        clock.carry(stream)
        self._on = exchange.setup.trading_date
        self._faults = faults
        self._limiter = Limiter(manner.calls_per_second)
        self._base_path = manner.base_path
        self._endpoints = [(self._route(one), one) for one in ENDPOINTS]
        self._open = [
            (Route(FIRST_STEP, self._log_in, methods=["POST"]), Call.LOGIN),
            (Route(SECOND_STEP, self._log_in, methods=["POST"]), Call.LOGIN),
            (
                Route(f"/lapi/{FOLDER}/{{day}}/{{folder}}/{{name}}.csv", self._give_file, methods=["GET"]),
                Call.CONTRACTS,
            ),
            (Route(CLIENT_ADDRESS, self._tell_address, methods=["GET"]), Call.OTHER),
        ]
        routes: list[BaseRoute] = [route for route, _ in (*self._open, *self._endpoints)]
        self.app = Starlette(
            routes=[*routes, WebSocketRoute(manner.base_path + PATH, stream.serve)],
            exception_handlers={404: _not_there},
        )

    def end_sessions(self, account: str) -> None:
        """Make every token of an account stale, as a login elsewhere or a reset of the access token does."""
        self.sessions.end(account)

    def classify(self, scope: Scope) -> Called:
        """Return whose call it is, which, and whether its tokens are good now; the account of a stale token is told."""
        headers = _headers(scope)
        owner = self.sessions.owner(headers.get("auth", ""))
        account = owner.account if owner is not None else self._access.get(headers.get("authorization", ""), "")
        endpoint = _first(self._endpoints, scope)
        if endpoint is None:
            return Called(account, _first(self._open, scope) or Call.OTHER)
        return Called(account, endpoint.call, self._refusal(endpoint, headers, self._now()) is None)

    def _route(self, endpoint: Endpoint) -> Route:
        async def answer(request: Request) -> Response:
            return _response(self._answer(endpoint, request, await request.body()))

        return Route(self._base_path + endpoint.path, answer, methods=[endpoint.method])

    def _answer(self, endpoint: Endpoint, request: Request, body: bytes) -> Answer:
        now, called = self._now(), self.classify(request.scope)
        if not self._limiter.takes(called.account, now):
            return replies.RATE_LIMITED
        if endpoint.stale and self._faults.strike(FaultKind.SESSION_EXPIRED, called.account, called.call, now):
            self.end_sessions(called.account)
        refusal = self._refusal(endpoint, request.headers, now)
        if refusal is not None:
            return refusal
        fault = self._faults.strike(FaultKind.BROKER_ERROR, called.account, called.call, now)
        if fault is not None:
            return replies.of_code(int(str(fault.details.get("code", 1005))), str(fault.details.get("text", "")))
        form = read_form(request.headers.get("content-type", ""), body) if endpoint.method == "POST" else {}
        if form is None:
            return replies.BODY_INVALID
        if endpoint.call is Call.QUOTES and b"%7C" in request.scope["raw_path"].upper():
            # The bar is wanted as it is.
            return replies.INVALID_INSTRUMENT
        path = {**request.path_params, "day": self._on.isoformat()}
        ask = Ask(self._exchange, self._listing, called.account, now, path, form, _origin(request))
        return spoiled(endpoint.answer(ask), self._faults, called.account, called.call, now)

    def _refusal(self, endpoint: Endpoint, headers: Mapping[str, str], now: datetime) -> Answer | None:
        """Return what is answered to the headers of a call that they do not open; None when they do."""
        access = headers.get("authorization")
        owner = self._access.get(access or "")
        if endpoint.stale is None:
            return None if owner is not None else replies.UNAUTHORIZED
        token, sid = headers.get("auth"), headers.get("sid")
        if not token or not sid:
            return replies.STALE_AS_DOCUMENTED
        session = self.sessions.find(Kind.TRADE, token, sid, now)
        if session is None:
            return endpoint.stale
        return None if access is None or owner == session.account else replies.UNAUTHORIZED

    async def _log_in(self, request: Request) -> Response:
        now, account = self._now(), self._access.get(request.headers.get("authorization", ""), "")
        if not self._limiter.takes(account, now):
            return _response(replies.RATE_LIMITED)
        body = await request.body()
        if request.url.path == FIRST_STEP:
            return _response(self._login.first_step(request.headers, body, account, now))
        base_url = _origin(request) + self._base_path
        return _response(self._login.second_step(request.headers, body, account, base_url, now))

    async def _tell_address(self, request: Request) -> Response:
        client = request.client.host if request.client else "127.0.0.1"
        return _response(Answer({"stat": "OK", "stCode": 1000, "data": {"clientIp": client}}))

    async def _give_file(self, request: Request) -> Response:
        folder, name = request.path_params["folder"], request.path_params["name"]
        is_here = request.path_params["day"] == self._on.isoformat()
        is_here &= folder == ("transformed-v1" if name.endswith("-v1") else "transformed")
        text = scrip_file(self._listing, name) if is_here else None
        return _response(_NOT_THERE) if text is None else PlainTextResponse(text, media_type="text/csv")


def _first(routes: Iterable[tuple[Route, _Meant]], scope: Scope) -> _Meant | None:
    return next((meant for route, meant in routes if route.matches(scope)[0] is Match.FULL), None)


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def _origin(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


def _response(answer: Answer) -> Response:
    return Response(answer.as_bytes(), answer.status, media_type="application/json")


async def _not_there(_request: Request, _error: Any) -> Response:
    return _response(_NOT_THERE)
