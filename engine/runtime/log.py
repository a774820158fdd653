"""The log of a running engine: lines for whoever looks at its console; what counts is in the journal."""

import logging
import re
import sys
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

from loguru import logger

if TYPE_CHECKING:
    from loguru import Record

# Types keep secrets from being printed; this is the second line, for what a library may say.
_SECRET: Final = re.compile(
    r"(?i)\b(authorization|bearer|password|passwd|mpin|otp|totp|token|secret|api[-_]?key|sid|auth)\b(\W{1,4})\S+"
)
_FORM: Final = "{time:HH:mm:ss.SSS} {level: <8} {extra[account]: <12} {message}"
# Of these only what is wrong is worth a line.
_QUIET: Final = ("apscheduler", "httpx", "httpcore", "aiohttp", "uvicorn", "asyncio", "alembic", "sqlalchemy")


def set_up(level: str = "INFO", sink: Any = None) -> None:
    """Send everything that is logged, by the standard library's logging too, to a sink; standard error by default."""
    logger.remove()
    logger.configure(extra={"account": ""}, patcher=_redact)
    # With variables shown beside a trace, no type would keep a secret.
    logger.add(sink or sys.stderr, level=level, format=_FORM, diagnose=False, backtrace=False)
    logging.basicConfig(handlers=[_Handler()], level=logging.WARNING, force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def redacted(text: str) -> str:
    """Return a text without what follows a word for a secret."""
    return _SECRET.sub(r"\1\2***", text)


def _redact(record: "Record") -> None:
    record["message"] = redacted(record["message"])


class _Handler(logging.Handler):
    """Hands what the standard library logs to the one log."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log it at its own level."""
        frame: FrameType | None = logging.currentframe()
        depth = 2
        while frame is not None and frame.f_code.co_filename == logging.__file__:
            frame, depth = frame.f_back, depth + 1
        logger.opt(depth=depth, exception=record.exc_info).log(record.levelno, record.getMessage())
