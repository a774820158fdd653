"""
Engines that are killed: a process that has loaded everything forks one for each line of JSON it is given.

It answers with the process number; the engine watches the desk's simulated day from one time to another, writes the
time it has come to into a file, and says `done` when it was not killed.
"""

import json
import os
import sys
import traceback
from pathlib import Path

from engine.runtime.monitor import Ticked
from tests.runtime.engine import Bench


def watch(desk: Path, start: str, end: str) -> None:
    """Watch, and tell on the way how far the day has come."""
    bench = Bench.of(desk, at=start)
    progress = os.open(desk / "progress", os.O_CREAT | os.O_WRONLY, 0o600)
    zone = bench.at(start).tzinfo

    def tell(ticked: Ticked) -> None:
        os.pwrite(progress, f"{ticked.at.astimezone(zone):%H:%M:%S}".encode(), 0)

    bench.do(lambda running: running.until(end), ticked=(tell,))


def main() -> None:
    """Fork an engine for each line, and wait for it."""
    for line in sys.stdin:
        desk, start, end = json.loads(line)
        child = os.fork()
        if not child:
            try:
                watch(Path(desk), start, end)
                os.write(1, b"done\n")
            except BaseException:  # noqa: BLE001 - the parent reads what is said, whatever it was
                os.write(1, f"failed {json.dumps(traceback.format_exc())}\n".encode())
            os._exit(0)
        os.write(1, f"{child}\n".encode())
        os.waitpid(child, 0)
        os.write(1, b"over\n")


if __name__ == "__main__":
    main()
