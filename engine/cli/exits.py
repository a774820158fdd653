"""Exit codes that scripts rely on; they are promised in docs/commands.md and never change meaning."""

from typing import Final

OK: Final = 0
ERRORS: Final = 1
MISUSE: Final = 2
FIRES: Final = 3
# Of `rekha status`: nobody watches the desk.
NO_ENGINE: Final = 3
UNKNOWN: Final = 4
# Something the command needs is not there: EX_UNAVAILABLE of sysexits.h, as `./go` says it.
UNAVAILABLE: Final = 69
# The reader of our output has gone (rekha facts | head): 128 + SIGPIPE, as every other program says it.
PIPE: Final = 141
