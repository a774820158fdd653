"""
The web terminal as a Starlette application: the pages of one skin, and the calls both skins make.

Pages and words are files of this package; what they show of an account always comes from here.
"""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from engine.sim.asgi import App, Receive, Scope, Send
from engine.sim.exchange.exchange import Refused
from engine.sim.exchange.words import Call
from engine.sim.fault_layer import Called
from engine.sim.faults import FaultKind, Faults
from engine.sim.terminal.looks import Skin
from engine.sim.terminal.segments import KillSwitch, Line
from engine.sim.terminal.signin import SignIn, SignInRefusedError, WebSession

COOKIE = "neo_session"
_PAGES = Path(__file__).parent / "pages"
_KINDS = {".js": "text/javascript", ".css": "text/css", ".json": "application/json"}

Given = dict[str, Any]


class Terminal:
    """
    The web terminal of one simulation.

    end_api: ends an account's API session; called at a sign-in while WEB_ENDS_API holds.
    """

    def __init__(
        self,
        sign_in: SignIn,
        switch: KillSwitch,
        faults: Faults,
        now: Callable[[], datetime],
        *,
        skin: Skin = Skin.HTML,
        end_api: Callable[[str], None] = lambda _account: None,
    ) -> None:
        self.sign_in = sign_in
        self._switch = switch
        self._faults = faults
        self._now = now
        self._skin = skin
        self._end_api = end_api
        self.app = Starlette(routes=self._routes())

    def classify(self, scope: Scope) -> Called:
        """Return whose call one is, by its cookie, and whether all of its session came with it."""
        connection = HTTPConnection(scope)
        whose = self.sign_in.by_cookie(connection.cookies.get(COOKIE, ""))
        return Called("" if whose is None else whose.account, Call.WEB, self._session(connection) is not None)

    def guarded(self, guard: Callable[[App, Callable[[Scope], Called]], App]) -> App:
        """Return the application behind a guard, but for the files of its pages: browsers ask for them as they like."""
        behind = guard(self.app, self.classify)

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            is_file = scope["type"] == "http" and scope["path"].startswith("/pages/")
            await (self.app if is_file else behind)(scope, receive, send)

        return app

    def _routes(self) -> list[Route]:
        def post(path: str, answer: Callable[[Given], Response]) -> Route:
            return Route(f"/api/{path}", _taking_json(answer), methods=["POST"])

        def signed_in(path: str, answer: Callable[[WebSession, Given], Response], method: str = "GET") -> Route:
            return Route(f"/api/{path}", self._for_session(answer), methods=[method])

        return [
            post("sign-in/mobile", self._begin),
            post("sign-in/password", self._give_password),
            post("sign-in/resend", self._resend),
            post("sign-in/otp", self._give_otp),
            signed_in("sign-out", self._sign_out, "POST"),
            signed_in("risk", self._see_risk, "POST"),
            signed_in("profile", self._profile),
            signed_in("segments", self._segments),
            signed_in("segments/disable", self._disable, "POST"),
            Route("/api/words", self._words),
            Route("/api/{path:path}", _unknown, methods=["GET", "POST"]),
            Route("/pages/{name}", self._file),
            Route("/{path:path}", self._page),
        ]

    # --- pages

    async def _page(self, _request: Request) -> Response:
        return FileResponse(_PAGES / f"{self._skin.value}.html", headers={"Cache-Control": "no-store"})

    async def _file(self, request: Request) -> Response:
        path = _PAGES / request.path_params["name"]
        if path.parent != _PAGES or path.suffix not in _KINDS or not path.is_file():
            return Response("not found", status_code=404)
        return FileResponse(path, media_type=_KINDS[path.suffix], headers={"Cache-Control": "no-store"})

    async def _words(self, request: Request) -> Response:
        session = self.sign_in.by_cookie(request.cookies.get(COOKIE, ""))
        account = "" if session is None else session.account
        name = "words_changed.json" if self._strikes(FaultKind.PAGE_CHANGED, account) else "words.json"
        return FileResponse(_PAGES / name, media_type="application/json", headers={"Cache-Control": "no-store"})

    # --- signing in

    def _begin(self, given: Given) -> Response:
        return JSONResponse({"attempt": self.sign_in.begin(_text(given, "mobile"))})

    def _give_password(self, given: Given) -> Response:
        sent_to = self.sign_in.give_password(_text(given, "attempt"), _text(given, "password"))
        return JSONResponse({"sent_to": sent_to})

    def _resend(self, given: Given) -> Response:
        return JSONResponse({"sent_to": self.sign_in.resend(_text(given, "attempt"))})

    def _give_otp(self, given: Given) -> Response:
        session = self.sign_in.give_otp(_text(given, "attempt"), _text(given, "otp"))
        if self._strikes(FaultKind.WEB_ENDS_API, session.account):
            self._end_api(session.account)
        answer = JSONResponse({"token": session.token, "device": session.device})
        answer.set_cookie(COOKIE, session.cookie, httponly=True, samesite="lax")
        return answer

    # --- signed in

    def _for_session(self, answer: Callable[[WebSession, Given], Response]) -> Callable[[Request], Awaitable[Response]]:
        async def answered(request: Request) -> Response:
            session = self._session(request)
            if session is not None and self._strikes(FaultKind.SESSION_EXPIRED, session.account):
                self.sign_in.expire(session.account)
                session = None
            if session is None:
                return JSONResponse({"error": "Your session has expired. Sign in again.", "restart": True}, 401)
            given = await _body(request) if request.method == "POST" else {}
            if given is None:
                return _UNREADABLE
            return answer(session, given)

        return answered

    def _session(self, connection: HTTPConnection) -> WebSession | None:
        pieces = (connection.headers.get(name, "") for name in ("x-token", "x-device"))
        return self.sign_in.session(connection.cookies.get(COOKIE, ""), *pieces)

    def _strikes(self, kind: FaultKind, account: str) -> bool:
        return self._faults.strike(kind, account, Call.WEB, self._now()) is not None

    def _sign_out(self, session: WebSession, _given: Given) -> Response:
        self.sign_in.sign_out(session)
        answer = JSONResponse({})
        answer.delete_cookie(COOKIE)
        return answer

    def _see_risk(self, session: WebSession, _given: Given) -> Response:
        self.sign_in.see_risk(session)
        return JSONResponse({})

    def _profile(self, session: WebSession, _given: Given) -> Response:
        member = self.sign_in.members[session.account]
        return JSONResponse(
            {
                "name": member.name,
                "account": member.account,
                "email": member.email,
                "has_seen_risk": session.has_seen_risk,
            }
        )

    def _segments(self, session: WebSession, _given: Given) -> Response:
        return _shown(self._switch.lines(session.account))

    def _disable(self, session: WebSession, given: Given) -> Response:
        ids = given.get("segments")
        if not isinstance(ids, list) or not ids:
            return JSONResponse({"error": "Choose at least one segment."}, 400)
        try:
            return _shown(self._switch.disable(self.sign_in.members[session.account], frozenset(map(str, ids))))
        except KeyError as error:
            return JSONResponse({"error": f"There is no segment {error}."}, 400)
        except Refused:
            return JSONResponse({"error": "Close your positions and cancel your orders in these segments first."}, 409)


async def _unknown(_request: Request) -> Response:
    return JSONResponse({"error": "There is no such call."}, 404)


_UNREADABLE = JSONResponse({"error": "Something went wrong. Try again."}, 400)


def _taking_json(answer: Callable[[Given], Response]) -> Callable[[Request], Awaitable[Response]]:
    async def answered(request: Request) -> Response:
        given = await _body(request)
        if given is None:
            return _UNREADABLE
        try:
            return answer(given)
        except SignInRefusedError as refused:
            return JSONResponse({"error": str(refused), "restart": refused.restart}, 400)

    return answered


async def _body(request: Request) -> Given | None:
    try:
        given = json.loads(await request.body() or b"{}")
    except (ValueError, RecursionError):
        return None
    return given if isinstance(given, dict) else None


def _text(given: Given, name: str) -> str:
    return str(given.get(name, ""))


def _shown(lines: tuple[Line, ...]) -> Response:
    return JSONResponse(
        [{"id": line.segment.id, "name": line.segment.name, "active": line.is_active} for line in lines]
    )
