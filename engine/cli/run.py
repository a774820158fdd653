"""`rekha run`: watch a desk's accounts until it is told to stop."""

import argparse
import asyncio
import os
import signal

from loguru import logger

from engine.cli import exits
from engine.cli.output import report_error
from engine.domain.enums import Mode, Severity
from engine.domain.message import Message
from engine.errors import EngineError
from engine.runtime import log
from engine.runtime.acts import ACTS
from engine.runtime.monitor import Ticked
from engine.runtime.wiring import Wired, Wish, wired

_LEVELS = {Severity.INFO: "INFO", Severity.WARNING: "WARNING", Severity.CRITICAL: "CRITICAL"}


def run(arguments: argparse.Namespace) -> int:
    """Return 0 once it was told to stop and has, 1 when it cannot start or go on, 2 on misuse."""
    log.set_up()
    wish = Wish(arguments.desk, os.environ, is_dry=arguments.dry_run, ticked=(say_decided,))
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


def say_decided(ticked: Ticked) -> None:
    """Log what one look at an account decided, dry runs too, and what of ours broke in it."""
    for record in ticked.decided:
        is_real = record.mode is Mode.ENFORCE
        orders = "; ".join(("" if is_real and name in ACTS else "would ") + words for name, _, words in record.actions)
        row = f" [{record.row}]" if record.row else ""
        level = "WARNING" if is_real else "INFO"
        logger.bind(account=record.account).log(
            level, "FIRES {}{} ({}): {}; {}", record.policy, row, record.mode.value, record.because, orders
        )
    if ticked.fault:
        logger.bind(account=ticked.account).error("not judged, a fault of Rekha: {}", ticked.fault)


class Console:
    """Fills `engine.ports.Notifier` with lines of the log."""

    async def tell(self, message: Message) -> None:
        """Log a message; that of a decision is said as it is decided."""
        if message.decision:
            return
        lines = "; ".join((message.title, *message.lines))
        logger.bind(account=message.account).log(_LEVELS[message.severity], "{}", lines)
