"""A desk's `rekha.yaml`: accounts with their profiles, values and modes, checked whole before anything uses them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from engine.domain.account import CURRENCY, Account, Profile
from engine.domain.enums import MarkBasis
from engine.domain.numbers import span_of
from engine.domain.overrides import settings_of
from engine.errors import MisuseError, PolicyErrors, SettingsError
from engine.policy import yaml_text
from engine.policy.findings import Level, Place, Report, suggestion
from engine.policy.groups import check_currencies
from engine.policy.literals import parse_duration
from engine.policy.overrides import check_currency
from engine.policy.program import Program
from engine.policy.scope import USUAL_CURRENCIES
from engine.policy.shape import check_shape
from engine.policy.yaml_text import Mapping as MappingNode
from engine.policy.yaml_text import Node, Scalar, Sequence
from engine.runtime.calendars import calendar_for
from engine.runtime.desk_lint import check_required
from engine.runtime.desk_overrides import compile_account_overrides
from engine.runtime.desk_secrets import check_prefixes, hidden, without_secrets
from engine.runtime.notify_settings import NOBODY_TOLD, NotifySettings, check_notify, read_notify
from engine.runtime.policy_files import DESK_FILE
from engine.runtime.rulebooks import rulebook_for

# What a part of the desk's policies cannot decide: the name may stand in the other part.
_OF_THE_WHOLE_SET = frozenset({"required-policy-missing", "unknown-policy", "unknown-value"})


@dataclass(frozen=True, slots=True)
class Desk:
    """
    A desk folder. policies: where its policies lie. accounts: by id, values and modes resolved.

    addresses: where the logins of an account go, of those that do not go to their broker's own address.
    notify: how people are told.
    """

    folder: Path
    policies: Path
    accounts: Mapping[str, Account]
    addresses: Mapping[str, str]
    notify: NotifySettings = NOBODY_TOLD


@dataclass(frozen=True, slots=True)
class DeskFile:
    """A desk file whose shape is sound, before its accounts are matched with a program. text: to be shown."""

    folder: Path
    root: MappingNode
    text: str

    @property
    def policies(self) -> Path:
        """The folder of its policies."""
        return self.folder / _text(self.root.get("policies"), "policies")

    @property
    def currencies(self) -> frozenset[str]:
        """What its accounts' money is in."""
        accounts = self.root.get("accounts")
        entries = accounts.entries if isinstance(accounts, MappingNode) else ()
        found = frozenset(_currency(entry.value) for entry in entries if isinstance(entry.value, MappingNode))
        return found or USUAL_CURRENCIES


def read_desk(folder: str) -> DeskFile:
    """Return a desk's file. Raises: MisuseError when there is none, PolicyErrors with every positioned error."""
    report = Report()
    file = parse_desk(folder, report)
    _refuse(report, file.text)
    return file


def parse_desk(folder: str, report: Report) -> DeskFile:
    """Return a desk's file and report what is wrong with its shape. Raises: MisuseError when there is none."""
    path = Path(folder) / DESK_FILE
    if not path.is_file():
        raise MisuseError(f"{folder}: no {DESK_FILE} in this folder; `rekha init {folder}` makes one")
    name = path.as_posix()
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SettingsError(f"{name}: cannot be read: {error.strerror or error}") from error
    text = yaml_text.decode(data, name, report)
    root = yaml_text.read(text, name, report) if text is not None else None
    shown = hidden(text or "")
    if isinstance(root, MappingNode):
        root = without_secrets(root, report)
        check_shape(root, "desk", report)
        return DeskFile(Path(folder), root, shown)
    if report.error_count == 0:
        report.error("wrong-shape", Place(name), "a desk file is a list of keys", "it starts with accounts:")
    return DeskFile(Path(folder), MappingNode((), Place(name)), shown)


def resolve_desk(file: DeskFile, program: Program, *, whole: bool = True) -> Desk:
    """
    Return the desk with every account's values compiled against a program.

    whole: whether the program is the desk's whole set; without it a value or policy that is not in it is passed over.
    Raises: PolicyErrors for an override of an unknown value or policy, of the wrong kind or currency, or with which a
    policy would fire on nothing.
    """
    report = Report()
    desk = compile_desk(file, program, report, whole=whole)
    _refuse(report, file.text)
    return desk


def compile_desk(file: DeskFile, program: Program, report: Report, *, whole: bool, now: datetime | None = None) -> Desk:
    """
    Return the desk, and report what `resolve_desk` refuses; what is wrong is left out of the accounts.

    now: to warn of overrides that have ended.
    """
    found = Report()
    accounts: dict[str, Account] = {}
    node = file.root.get("accounts")
    for entry in node.entries if isinstance(node, MappingNode) else ():
        if isinstance(entry.value, MappingNode):
            accounts[entry.key.text] = _account(entry.key.text, entry.value, program, now, found)
    for entry in node.entries if isinstance(node, MappingNode) else ():
        if isinstance(entry.value, MappingNode):
            _check_links(entry.key.text, entry.value.get("linked"), accounts, found)
    check_required(file.root.get("required_policies"), program, accounts, found)
    check_notify(file.root, program, found)
    if isinstance(node, MappingNode):
        check_currencies(program, accounts, node, found)
        check_prefixes(node, found)
    report.extend(finding for finding in found.sorted() if whole or finding.code not in _OF_THE_WHOLE_SET)
    addresses = MappingProxyType(_addresses(node))
    return Desk(file.folder, file.policies, MappingProxyType(accounts), addresses, read_notify(file.root))


def _addresses(accounts: Node | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in accounts.entries if isinstance(accounts, MappingNode) else ():
        connect = entry.value.get("connect") if isinstance(entry.value, MappingNode) else None
        address = _text(connect.get("url")) if isinstance(connect, MappingNode) else ""
        if address:
            found[entry.key.text] = address
    return found


def _check_links(name: str, node: Node | None, accounts: Mapping[str, Account], report: Report) -> None:
    for item in node.items if isinstance(node, Sequence) else ():
        if isinstance(item, Scalar) and item.text not in accounts:
            message = f"{name} is linked to '{item.text}', which is no account here"
            report.error("unknown-account", item.place, message, suggestion(item.text, accounts))


def _refuse(report: Report, text: str) -> None:
    errors = [finding for finding in report.sorted() if finding.level is Level.ERROR]
    if errors:
        raise PolicyErrors([(finding, text) for finding in errors])


def _account(name: str, node: MappingNode, program: Program, now: datetime | None, report: Report) -> Account:
    exchange = _text(node.get("exchange"), "NSE")
    try:
        calendar = calendar_for(exchange)
    except SettingsError as error:
        report.error("unknown-exchange", node.key_place("exchange"), str(error))
        calendar = calendar_for("NSE")
    account = Account(
        id=name,
        currency=_currency(node),
        zone=calendar.zone,
        exchange=exchange,
        calendar=calendar,
        labels=MappingProxyType(_texts(node.get("labels"))),
        linked=_items(node.get("linked")),
        profile=_profile(node),
        rulebook=rulebook_for(_text(node.get("broker"), "none")),
    )
    today = None if now is None else now.astimezone(account.zone).date()
    overrides = compile_account_overrides(account, node, program, today, report)
    own = settings_of(overrides)
    account = replace(account, values=own.values, modes=own.modes, lets=own.lets, overrides=overrides)
    check_currency(account, program, node.key_place("currency"), report)
    return account


def _currency(node: MappingNode) -> str:
    return _text(node.get("currency"), CURRENCY)


def _items(node: Node | None) -> tuple[str, ...]:
    return tuple(item.text for item in node.items if isinstance(item, Scalar)) if isinstance(node, Sequence) else ()


def _profile(node: MappingNode) -> Profile:
    poll = parse_duration(_text(node.get("poll")))
    broker = _text(node.get("broker"), "none")
    # Kotak's positions carry no price: without quotes its open legs have no mark at all.
    usual_basis = "depth" if broker == "kotak" else "last"
    stated = node.get("mark_basis") is not None or broker == "kotak"
    return Profile(
        broker=broker,
        is_basis_stated=stated,
        poll=span_of(poll) if poll else Profile().poll,
        mark_basis=MarkBasis(_text(node.get("mark_basis"), usual_basis)),
    )


def _text(node: Node | None, default: str = "") -> str:
    return node.text if isinstance(node, Scalar) and node.text else default


def _texts(node: Node | None) -> dict[str, str]:
    if not isinstance(node, MappingNode):
        return {}
    return {entry.key.text: entry.value.text for entry in node.entries if isinstance(entry.value, Scalar)}
