"""Telegram's bot API as far as a message goes, on loopback: what it was sent, and failures on demand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from unittest.mock import patch

from apprise.plugins.telegram import NotifyTelegram
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from engine.domain.secret import Secret
from engine.sim.host import host

TOKEN = "123456789:AAH-fake_token_of_a_bot"
CHAT = "12315544"
ADDRESS = Secret(f"tgram://{TOKEN}/{CHAT}")


@dataclass
class Telegram:
    """failures_left: calls it answers with an error from now on. sent: (chat, text) of the ones it took."""

    failures_left: int = 0
    calls: int = 0
    sent: list[tuple[str, str]] = field(default_factory=list)

    async def send_message(self, request: Request) -> JSONResponse:
        self.calls += 1
        if request.path_params["token"] != TOKEN:
            return JSONResponse({"ok": False, "error_code": 401, "description": "Unauthorized"}, 401)
        if self.failures_left:
            self.failures_left -= 1
            told = {"ok": False, "error_code": 502, "description": "Bad Gateway"}
            return JSONResponse(told, 502)
        body = await request.json()
        self.sent.append((str(body["chat_id"]), body["text"]))
        return JSONResponse({"ok": True, "result": {"message_id": len(self.sent)}})


@asynccontextmanager
async def telegram() -> AsyncIterator[Telegram]:
    """Serve it for the block, and let messages to Telegram go there."""
    fake = Telegram()
    app = Starlette(routes=[Route("/bot{token}/sendMessage", fake.send_message, methods=["POST"])])
    async with host({"telegram": app}) as addresses:
        with patch.object(NotifyTelegram, "notify_url", f"{addresses['telegram']}/bot"):
            yield fake
