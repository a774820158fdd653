"""`rekha run` in a process of its own, over real sockets: what its console says of a decision, and how it ends."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

from tests.cli.simulator import simulator

POLICY = """
policy: loss-limit
title: The day's loss limit is reached
severity: critical
accounts: all
mode: {mode}
when: loss >= 10k
confirm: {{samples: 2}}
on_unknown: {{alert: after 30s}}
once: per account per day
then:
  - block_entries: {{until: end of session}}
  - square_off: all
because: "The loss is {{loss}}"
"""


def desk(folder: Path, url: str, mode: str) -> Path:
    (folder / "policies").mkdir(parents=True)
    (folder / "rekha.yaml").write_text(f"accounts:\n  A: {{broker: kotak, poll: 1s, connect: {{url: '{url}'}}}}\n")
    (folder / "policies" / "loss-limit.yaml").write_text(POLICY.format(mode=mode))
    return folder


def test_it_says_what_it_decided_once_and_ends_when_it_is_told_to(tmp_path: Path) -> None:
    with simulator("kotak", "--scenario", "kill-day", "--at", "11:04", "--port", "0") as told:
        folder = desk(tmp_path / "desk", told["base_url"], "enforce")
        process = subprocess.Popen(
            [sys.executable, "-m", "engine.cli.main", "run", "--desk", str(folder)],
            env={**os.environ, **told["secrets"]},
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        assert process.stderr is not None
        lines = []
        for line in process.stderr:
            lines.append(line)
            if "FIRES" in line:
                break
        process.send_signal(signal.SIGTERM)
        rest = process.communicate(timeout=60)[1]
    assert process.returncode == 0, rest
    assert "watching A" in lines[0]
    fires = [line for line in (*lines, *rest.splitlines()) if "FIRES" in line]
    assert len(fires) == 1
    # The block holds already; to square off comes with a later version.
    assert "loss-limit (enforce): The loss is " in fires[0]
    assert "; block entries until the end" in fires[0]
    assert "; would square off all" in fires[0]
    assert rest.splitlines()[-1].endswith("stopped")
    with sqlite3.connect(folder / ".rekha" / "journal.db") as journal:
        assert journal.execute("select count(*) from latches").fetchone() == (1,)
    journal.close()
    secrets = [told["secrets"][name] for name in told["secrets"] if name.endswith(("MPIN", "TOTP_SECRET", "TOKEN"))]
    assert not [one for one in secrets if one in json.dumps([*lines, rest])]
