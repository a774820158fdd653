"""The `rekha` command: arguments in, exit code out; the work is done in the command modules."""

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, NoReturn

from engine.cli import exits

_FORMATS = ("text", "json")
_LAST_PORT = 65_535
_MEASURED = ("conditions", "cycle", "scaling")


class _Parser(argparse.ArgumentParser):
    """argparse whose misuse ends with our exit code and one line that names the help."""

    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"{self.prog}: {message}\nsee {self.prog} --help\n")
        raise SystemExit(exits.MISUSE)


class _Version(argparse.Action):
    """Prints the version; what reads it is imported only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        installed_version: Callable[[], str] = import_module("engine.cli.output").installed_version
        sys.stdout.write(f"rekha {installed_version()}\n")
        parser.exit(exits.OK)


def build_parser() -> argparse.ArgumentParser:
    """Return the whole command line."""
    parser = _Parser(prog="rekha", description="Risk policies for broker accounts: check them, try them, explain them.")
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    _check(commands)
    _dry_run(commands)
    _facts(commands)
    _explain(commands)
    _snapshot(commands)
    _schema(commands)
    _init(commands)
    _db(commands)
    _log(commands)
    _demo(commands)
    _sim(commands)
    _run(commands)
    _stop(commands)
    _ack(commands)
    _status(commands)
    _why(commands)
    _doctor(commands)
    _bench(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. argv: None when this is the whole process."""
    if argv is None:
        # A command is short, and what it loads it needs to its end: to collect garbage on the way only costs.
        gc.set_threshold(100_000, 50, 100)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    parser = build_parser()
    arguments = parser.parse_args(argv)
    if arguments.command is None:
        parser.print_help(sys.stderr)
        return exits.MISUSE
    try:
        run: Callable[[argparse.Namespace], int] = import_module(arguments.module).run
        code = run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_output()
        return exits.PIPE
    except Exception as error:  # noqa: BLE001 - the edge of the process: a person gets a sentence, never a traceback
        return _our_fault(error)
    return code


def _our_fault(error: Exception) -> int:
    if os.environ.get("REKHA_TRACEBACK"):
        raise error
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    where = f" ({last.tb_frame.f_globals.get('__name__')}:{last.tb_lineno})" if last is not None else ""
    sys.stderr.write(
        f"rekha: this is a fault of Rekha, not of your files: {type(error).__name__}: {error}{where}\n"
        "rekha: please report it; with REKHA_TRACEBACK=1 the whole trace is shown\n"
    )
    return exits.ERRORS


def _forget_output() -> None:
    # What is still buffered has no reader; without this the interpreter would complain about it at its end.
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stderr.close()


def _command(commands: Any, name: str, summary: str, module: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=summary, description=summary)
    command.set_defaults(module=f"engine.cli.{module}")
    return command


def _format(command: argparse.ArgumentParser, *more: str) -> None:
    words = "text for people, json for programs" + "".join(f", {form}" for form in more)
    command.add_argument("--format", choices=(*_FORMATS, *more), default="text", help=words)


def _check(commands: Any) -> None:
    command = _command(commands, "check", "check policy files: every error at once, offline", "check")
    command.add_argument("paths", nargs="+", metavar="PATH", help="policy files or folders")
    command.add_argument("--strict", action="store_true", help="count warnings as errors")
    _format(command, "sarif", "github")


def _readings(command: argparse.ArgumentParser) -> None:
    command.add_argument("--desk", metavar="DIR", help="a desk folder: accounts, values and modes from its rekha.yaml")
    command.add_argument("--account", metavar="ID", help="the account to look at")
    command.add_argument(
        "--snapshot", nargs="+", action="extend", metavar="FILE", help="Rekha snapshots; files of one account in order"
    )
    command.add_argument("--broker", choices=("kite", "kotak"), help="whose raw answers the files below hold")
    command.add_argument("--positions", metavar="FILE", help="the broker's positions answer")
    command.add_argument("--orders", metavar="FILE", help="the broker's order book answer")
    command.add_argument("--trades", metavar="FILE", help="the broker's trade book answer")
    command.add_argument("--history", nargs="+", action="extend", metavar="FILE", help="order histories, one a file")
    command.add_argument("--funds", metavar="FILE", help="the broker's margins or limits answer")
    command.add_argument("--quotes", metavar="FILE", help="the broker's quotes answer")
    command.add_argument("--instruments", metavar="FILE", help="the broker's contract file")
    command.add_argument("--at", metavar="TIME", help="ISO-8601 instant to look from; by default the newest stamp")


def _dry_run(commands: Any) -> None:
    command = _command(
        commands, "dry-run", "say which policies would fire, which not, why, and how far each is", "dry_run"
    )
    command.add_argument("--policies", metavar="PATH", help="policy file or folder; with --desk the desk's own")
    _readings(command)
    command.add_argument(
        "--readings",
        type=_count,
        metavar="N",
        help="of live accounts: how many, each account's poll apart; 1 by default",
    )
    _format(command)


def _facts(commands: Any) -> None:
    command = _command(commands, "facts", "list the facts a policy may use, or what Rekha sees in an account", "facts")
    _readings(command)
    _format(command)


def _explain(commands: Any) -> None:
    command = _command(
        commands,
        "explain",
        "explain a policy, a fact, an action, a broker, a code or a sentence in plain words",
        "explain",
    )
    command.add_argument(
        "topic", metavar="POLICY | fact NAME | action NAME | broker NAME | code NAME | sentence", nargs="*"
    )
    command.add_argument(
        "--source", action="store_true", help="print the Python generated from the policy, or from the whole set"
    )
    command.add_argument("--policies", metavar="PATH", help="where the policies are; ./policies or the shipped ones")
    command.add_argument("--desk", metavar="DIR", help="a desk folder, to show what its accounts change")


def _snapshot(commands: Any) -> None:
    command = _command(commands, "snapshot", "turn a broker's raw answers into a Rekha snapshot file", "snapshot")
    _readings(command)


def _schema(commands: Any) -> None:
    command = _command(commands, "schema", "print the JSON Schemas that editors use, or write or check them", "schema")
    command.add_argument(
        "name", nargs="?", default="policy", choices=("policy", "values", "desk", "events", "scenario", "snapshot")
    )
    command.add_argument("--write", metavar="DIR", help="write all of them into a folder")
    command.add_argument("--check", action="store_true", help="exit 1 when the shipped ones are not current")


def _init(commands: Any) -> None:
    command = _command(
        commands, "init", "make a new desk folder with accounts, values and the shipped policies", "init"
    )
    command.add_argument("folder", metavar="DIR")


def _journal(command: argparse.ArgumentParser) -> None:
    command.add_argument("--desk", metavar="DIR", default=".", help="the desk folder whose journal it is; by default .")
    command.add_argument("--journal", metavar="ADDRESS", help="a journal somewhere else: postgresql://user@host/name")
    _format(command)


def _db(commands: Any) -> None:
    summary = "look after a desk's journal: what is in it, a copy, newer tables, old readings"
    actions = commands.add_parser("db", help=summary, description=summary).add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=_Parser
    )
    _journal(_command(actions, "info", "say what is in the journal", "db"))
    backup = _command(actions, "backup", "copy the journal into a file, also while an engine writes it", "db")
    backup.add_argument("file", metavar="FILE", help="a file that is not there yet")
    _journal(backup)
    _journal(_command(actions, "upgrade", "bring the tables of the journal up to date", "db"))
    prune = _command(actions, "prune", "remove old readings and finished commands; what was done stays", "db")
    prune.add_argument("--days", type=_count, default=7, metavar="N", help="keep the readings of so many days")
    prune.add_argument("--megabytes", type=_count, default=2000, metavar="N", help="and no more than so much of them")
    _journal(prune)


def _log(commands: Any) -> None:
    command = _command(commands, "log", "look at what was decided and done, or whether anybody has edited it", "events")
    command.add_argument("--account", metavar="ID", help="only what concerns an account")
    command.add_argument("--last", type=_count, default=50, metavar="N", help="no more than so many; 50 by default")
    command.add_argument("--follow", action="store_true", help="go on with what happens, until interrupted")
    _journal(command)
    actions = command.add_subparsers(dest="action", metavar="verify", parser_class=_Parser)
    verify = _command(actions, "verify", "find any edit of what was written; 0 intact, 1 edited", "log")
    verify.add_argument(
        "--noted", metavar="FILE", help="the JSON this command printed on an earlier day, kept elsewhere"
    )
    _journal(verify)


def _demo(commands: Any) -> None:
    _command(commands, "demo", "dry-run a bundled recorded day and check that it gives its verdicts", "demo")


def _sim(commands: Any) -> None:
    command = _command(commands, "sim", "serve a simulated broker on this machine, to try a desk against", "sim")
    command.add_argument("broker", nargs="?", choices=("kotak",), metavar="BROKER", help="kotak: Kotak Neo")
    command.add_argument("--list", action="store_true", help="list the brokers and the scenarios that come with Rekha")
    command.add_argument("--scenario", default="quiet-day", metavar="FILE|NAME", help="the day; quiet-day by default")
    command.add_argument("--port", type=_port, default=0, metavar="N", help="of the API; 0, the default, is a free one")
    command.add_argument(
        "--seed", type=_whole, default=0, metavar="N", help="equal seeds give equal days; 0 by default"
    )
    command.add_argument("--at", metavar="TIME", help="begin at this time of the scenario's day, as 11:04")
    command.add_argument("--clock", choices=("real", "stepped", "skipping"), help="how time goes by, if not as written")
    command.add_argument("--skin", choices=("html", "flutter"), help="how the web terminal is made, if not as written")


def _run(commands: Any) -> None:
    command = _command(commands, "run", "watch a desk's accounts, until it is told to stop", "run")
    command.add_argument("--desk", default=".", metavar="DIR", help="the desk folder; this one by default")
    command.add_argument("--dry-run", action="store_true", help="enforce nothing, whatever the policies say")


def _stop(commands: Any) -> None:
    for name, summary in (("stop", "stop watching an account"), ("start", "watch an account again")):
        command = _command(commands, name, summary, "watching")
        command.add_argument("account", metavar="ACCOUNT")
        command.add_argument("--desk", default=".", metavar="DIR", help="the desk folder; this one by default")
        command.add_argument("--why", default="", metavar="TEXT", help="the reason, kept with it")


def _ack(commands: Any) -> None:
    command = _command(commands, "ack", "acknowledge alerts, so that nobody is told of them again", "ack")
    command.add_argument("alert", nargs="?", default="", metavar="ALERT", help="its name, as it was told; all without")
    command.add_argument("--account", default="", metavar="ID", help="only those of an account")
    command.add_argument("--desk", default=".", metavar="DIR", help="the desk folder; this one by default")
    command.add_argument("--why", default="", metavar="TEXT", help="a word to the others, kept with it")


def _status(commands: Any) -> None:
    command = _command(commands, "status", "say how the engine on a desk and its accounts are doing", "status")
    command.add_argument("--watch", action="store_true", help="show it anew every second, until interrupted")
    _journal(command)


def _why(commands: Any) -> None:
    command = _command(commands, "why", "say why something was decided, and what came of it", "why")
    command.add_argument("decision", nargs="?", default="", metavar="DECISION", help="the beginning of its key")
    _journal(command)


def _doctor(commands: Any) -> None:
    command = _command(commands, "doctor", "say whether a desk is ready for the open, and what to do if not", "doctor")
    command.add_argument("--desk", default=".", metavar="DIR", help="the desk folder; this one by default")
    _format(command)


def _bench(commands: Any) -> None:
    command = _command(commands, "bench", "measure the engine beside hand-written code and other engines", "bench")
    command.add_argument("--rounds", type=_count, default=9, metavar="N", help="rounds, medians are taken over them")
    command.add_argument(
        "--snapshots", type=_count, default=1000, metavar="N", help="seeded accounts on which all must agree first"
    )
    command.add_argument("--only", choices=_MEASURED, help="one group of questions")
    _format(command)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number")
    return int(text)


def _count(text: str) -> int:
    if not _whole(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)


def _port(text: str) -> int:
    if _whole(text) > _LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; they go up to {_LAST_PORT}")
    return int(text)


if __name__ == "__main__":
    raise SystemExit(main())
