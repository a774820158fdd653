"""`rekha init`: a new desk folder that checks clean and does nothing until somebody turns a policy on."""

import argparse
import shutil
from pathlib import Path

from engine.cli import exits
from engine.cli.output import complain, write
from engine.runtime.policy_files import DESK_FILE
from engine.runtime.resources import resource_dir
from engine.runtime.schemas import write_schemas

_DESK = """\
# yaml-language-server: $schema=schemas/desk.schema.json
# The accounts of this desk. Secrets never stand here.
accounts:
  A1:
    broker: kite            # kite, kotak or none
    poll: 2s
    mark_basis: depth       # depth: two-sided quotes are read; last: they are not
    labels: {desk: main}
    linked: []              # accounts that a `sync` reaches
    # connect: {url: http://127.0.0.1:8711}   # asked there instead of at the broker, such as a simulator (rekha sim)
    # values: {loss_limit: 8k}                            # a desk value that differs on this account
    # policies: {daily-loss-kill-switch: {mode: enforce}}  # a mode that differs on this account
# How people are told. Each address stands in the environment: REKHA_NOTIFY_TELEGRAM=tgram://TOKEN/CHAT
# notify:
#   channels: [telegram, call]      # `call` joins when nobody acknowledges on `telegram`
"""


def run(arguments: argparse.Namespace) -> int:
    """Return 0, or 1 when the folder already holds a desk or cannot be written; nothing is ever overwritten."""
    folder = Path(arguments.folder)
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            complain(f"{folder}: is not an empty folder; name a new one")
            return exits.ERRORS
        folder.mkdir(parents=True, exist_ok=True)
        (folder / DESK_FILE).write_text(_DESK, encoding="utf-8")
        shutil.copytree(resource_dir("policies"), folder / "policies")
        write_schemas(folder / "schemas")
    except OSError as error:
        complain(f"{folder}: cannot be written: {error.strerror or error}")
        return exits.ERRORS
    write(f"made {folder}: {DESK_FILE}, policies/, schemas/")
    write("next: set your limits in policies/values.yaml, your accounts in rekha.yaml, then")
    write(f"  rekha check {folder}")
    write(f"  rekha dry-run --desk {folder} --account A1 --broker kite --positions positions.json \\")
    write("    --orders orders.json --trades trades.json --quotes quotes.json")
    return exits.OK
