"""`rekha sim` in a process of its own."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

RUN = (sys.executable, "-c", "from engine.cli.main import main; raise SystemExit(main())", "sim")


@contextmanager
def simulator(*arguments: str, end_by: signal.Signals = signal.SIGTERM) -> Iterator[Mapping[str, Any]]:
    """A simulator in a process of its own; it has ended well, without a word, when the block has."""
    process = subprocess.Popen([*RUN, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.communicate(timeout=60)[1]
        yield json.loads(line)
    finally:
        process.send_signal(end_by)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, "", "")
