"""The check of paths of which some may be whole desks: the policies, the desk file, and whether the two fit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from engine.domain.account import Account
from engine.domain.enums import Mode
from engine.errors import MisuseError
from engine.policy import yaml_text
from engine.policy.findings import Finding, Report, suggestion
from engine.policy.groups import members_of, report_small
from engine.policy.load import Loaded
from engine.policy.program import Policy
from engine.policy.shape import locate
from engine.policy.yaml_text import Mapping as MappingNode
from engine.policy.yaml_text import Scalar, Sequence
from engine.runtime.desk import compile_desk, parse_desk
from engine.runtime.desk_lint import lint_desk
from engine.runtime.policy_files import DESK_FILE, find_policy_files, load_files, with_findings


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found. policies: the sound ones. files: all looked at. texts: theirs by name, for carets."""

    policies: tuple[Policy, ...]
    findings: tuple[Finding, ...]
    texts: Mapping[str, str]
    files: tuple[str, ...]


def check_paths(paths: Iterable[str], now: datetime | None = None) -> Checked:
    """
    Return everything wrong with policy files, folders and desks; a folder with a `rekha.yaml` is a desk.

    A desk is a set of its own; all other files together are one more. now: to warn of overrides that have ended.
    Raises: MisuseError when there is nothing to check.
    """
    desks, others = [], []
    for text in paths:
        folder = _desk_folder(Path(text)) if text else None
        if folder is None:
            others.append(text)
        elif folder not in desks:
            desks.append(folder)
    parts = [_check_desk(str(folder), now) for folder in desks]
    if others:
        files = find_policy_files(others)
        loaded = load_files(files)
        parts.append(_part(loaded, files))
    report = Report()
    report.extend(finding for part in parts for finding in part.findings)
    return Checked(
        tuple(policy for part in parts for policy in part.policies),
        report.sorted(),
        {name: text for part in parts for name, text in part.texts.items()},
        tuple(name for part in parts for name in part.files),
    )


def _part(loaded: Loaded, files: Iterable[Path]) -> Checked:
    return Checked(loaded.program.policies, loaded.findings, loaded.texts, tuple(path.as_posix() for path in files))


def _check_desk(folder: str, now: datetime | None) -> Checked:
    report = Report()
    desk = parse_desk(folder, report)
    try:
        files = find_policy_files([str(desk.policies)])
    except MisuseError as error:
        files = ()
        report.error(
            "no-policies", desk.root.key_place("policies"), str(error), "name the folder with policies: FOLDER"
        )
    loaded = load_files(files, desk.currencies)
    if not report.error_count:
        accounts = compile_desk(desk, loaded.program, report, whole=not loaded.has_errors, now=now).accounts
        _check_selectors(loaded, accounts, report)
        lint_desk(loaded, accounts, desk.root, report)
        _check_groups(loaded, accounts, report)
    part = _part(with_findings(loaded, report.sorted()), files)
    name = desk.root.place.file
    return replace(part, texts={**part.texts, name: desk.text}, files=(*part.files, name))


def _desk_folder(path: Path) -> Path | None:
    """Return the desk a path names, by its folder or by its file."""
    if path.is_dir() and (path / DESK_FILE).is_file():
        return path
    return path.parent if path.name == DESK_FILE and path.is_file() else None


def _check_groups(loaded: Loaded, accounts: Mapping[str, Account], report: Report) -> None:
    for policy in loaded.program.policies:
        members = members_of(policy, accounts)
        is_off = all(one.modes.get(policy.name, policy.mode) is Mode.OFF for one in members)
        # A list of one account is told of where the policy is read.
        if (
            not policy.is_of_group
            or len(members) > 1
            or (policy.mode is Mode.OFF and is_off)
            or (policy.accounts.ids is not None and len(set(policy.accounts.ids)) < 2)
        ):
            continue
        root = yaml_text.read(loaded.texts[policy.file], policy.file, Report())
        if isinstance(root, MappingNode):
            report_small(root, f"a group of {members[0].id} alone" if members else "a group of no account", report)


def _check_selectors(loaded: Loaded, accounts: Mapping[str, Account], report: Report) -> None:
    # A policy for an account that is not there watches nothing, and nobody would notice.
    known = tuple(accounts)
    for policy in loaded.program.policies:
        if policy.accounts.labels and not policy.is_of_group and not members_of(policy, accounts):
            _report_labels(policy, loaded, accounts, report)
        if not set(policy.accounts.ids or ()).difference(known):
            continue
        root = yaml_text.read(loaded.texts[policy.file], policy.file, Report())
        ids = root.get("accounts") if isinstance(root, MappingNode) else None
        for item in ids.items if isinstance(ids, Sequence) else ():
            if isinstance(item, Scalar) and item.text not in known:
                message = f"{policy.ladder} is to watch '{item.text}', which is no account of this desk"
                report.warning("unknown-account", item.place, message, suggestion(item.text, known))


def _report_labels(policy: Policy, loaded: Loaded, accounts: Mapping[str, Account], report: Report) -> None:
    root = yaml_text.read(loaded.texts[policy.file], policy.file, Report())
    if not isinstance(root, MappingNode):
        return
    wanted = policy.accounts.labels
    carried = {key for account in accounts.values() for key in account.labels}
    strange = next((key for key in wanted if key not in carried), None)
    values = {account.labels[key] for account in accounts.values() for key in wanted if key in account.labels}
    near = suggestion(strange, carried) if strange else suggestion(next(iter(wanted.values())), values)
    said = ", ".join(f"{key}: {value}" for key, value in wanted.items())
    message = f"{policy.ladder} watches nobody: no account of this desk has the labels {said}"
    place = locate(root, ["accounts", "labels"])[0].place
    report.warning("watches-nobody", place, message, near or "labels of accounts stand in rekha.yaml")
