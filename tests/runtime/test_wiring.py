"""A desk is put together whole or refused with what would be right; a simulator's time is for simulated accounts."""

import asyncio
import io
import logging
from pathlib import Path

import pytest
from loguru import logger

from engine.domain.message import Message
from engine.errors import EngineError, MisuseError
from engine.runtime import log
from engine.runtime.told_clock import VARIABLE
from engine.runtime.wiring import Wish, wired
from tests.cli.files import acting

SECRETS = {f"REKHA_A_{word}": "x" for word in ("MOBILE", "UCC", "MPIN", "TOTP_SECRET", "ACCESS_TOKEN")}


class Nobody:
    async def tell(self, message: Message) -> None:
        raise AssertionError(message)


def refused(desk: Path, account: str, **environment: str) -> EngineError:
    """Why a desk with one account cannot be run."""
    (desk / "policies").mkdir()
    (desk / "policies" / "kill.yaml").write_text(acting("kill"), encoding="utf-8")
    (desk / "rekha.yaml").write_text(f"accounts:\n  A: {account}\n", encoding="utf-8")

    async def run() -> None:
        async with wired(Wish(str(desk), environment), Nobody()):
            pass

    with pytest.raises(EngineError) as caught:
        asyncio.run(run())
    return caught.value


def test_a_simulators_time_is_refused_where_an_account_is_real(tmp_path: Path) -> None:
    found = refused(tmp_path, "{broker: kotak}", **SECRETS, **{VARIABLE: "http://127.0.0.1:1/_sim/clock"})
    assert isinstance(found, MisuseError)
    assert str(found).startswith(f"{VARIABLE} is set, so that a simulator tells the time, and A would be asked at a")


def test_a_desk_without_anybody_to_watch_is_refused(tmp_path: Path) -> None:
    found = refused(tmp_path, "{broker: none}")
    assert isinstance(found, MisuseError)
    assert "nobody to watch; accounts need broker: kotak" in str(found)


def test_secrets_that_are_not_set_are_named(tmp_path: Path) -> None:
    assert "not set in the environment: REKHA_A_MOBILE, REKHA_A_UCC" in str(refused(tmp_path, "{broker: kotak}"))


def test_the_log_shows_no_secret_and_takes_in_the_standard_one() -> None:
    shown = io.StringIO()
    log.set_up(sink=shown)
    try:
        logger.bind(account="A").warning("the header was Authorization: Bearer-abc.def and mpin=123456")
        logging.getLogger("some.library").warning("token: %s", "t0psecret")
        logging.getLogger("httpx").info("GET everything")
    finally:
        log.set_up()
    told = shown.getvalue()
    assert "A            the header was Authorization: *** and mpin=***" in told
    assert "token: ***" in told
    assert not any(secret in told for secret in ("abc", "123456", "t0psecret", "everything"))
