"""`rekha run`: watch a desk's accounts until it is told to stop."""

import argparse
import asyncio
import os
import signal

from loguru import logger

from engine.cli import exits
from engine.cli.output import report_error
from engine.domain.enums import Severity
from engine.domain.message import Message
from engine.errors import EngineError
from engine.runtime import log
from engine.runtime.wiring import Wired, Wish, wired

_LEVELS = {Severity.INFO: "INFO", Severity.WARNING: "WARNING", Severity.CRITICAL: "CRITICAL"}


def run(arguments: argparse.Namespace) -> int:
    """Return 0 once it was told to stop and has, 1 when it cannot start or go on, 2 on misuse."""
    log.set_up()
    wish = Wish(arguments.desk, os.environ, is_dry=arguments.dry_run)
    try:
        asyncio.run(_run(wish))
    except EngineError as error:
        return report_error(error)
    return exits.OK


async def _run(wish: Wish) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    async with wired(wish, Console()) as engine:
        _say_who(engine, wish)
        await engine.service.run(ended)
    logger.info("stopped")


def _say_who(engine: Wired, wish: Wish) -> None:
    kind = "in dry run: nothing is enforced" if wish.is_dry else "orders are not touched by this version"
    logger.info("watching {} ({})", ", ".join(engine.watched), kind)
    for account, why in engine.left_out.items():
        logger.bind(account=account).warning("not watched: {}", why)


class Console:
    """Fills `engine.ports.Notifier` with lines of the log."""

    async def tell(self, message: Message) -> None:
        """Log a message."""
        lines = "; ".join((message.title, *message.lines))
        logger.bind(account=message.account).log(_LEVELS[message.severity], "{}", lines)
