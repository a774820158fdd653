"""From (file name, bytes) pairs to a checked program, or every finding at once; reading files is the caller's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from types import MappingProxyType

from engine.domain.events import Events
from engine.errors import PolicyErrors
from engine.facts.base import Catalogue
from engine.facts.event_day import with_events
from engine.policy import ir, yaml_text
from engine.policy.compile import compile_policy
from engine.policy.events import compile_events
from engine.policy.findings import Finding, Level, Place, Report
from engine.policy.foreign import is_foreign
from engine.policy.levels import former_names, levels_of
from engine.policy.lint import lint_file, lint_set
from engine.policy.named_values import compile_values
from engine.policy.program import Policy, Program
from engine.policy.rules import check_lets, check_policy
from engine.policy.scope import USUAL_CURRENCIES, Later, Scope
from engine.policy.shape import check_shape, locate, steps_of
from engine.policy.values import Use, check_units, uses_of_bare
from engine.policy.yaml_text import Mapping as MappingNode
from engine.policy.yaml_text import Scalar

VALUES_FILE = "values.yaml"
CALENDAR_FILE = "calendar.yaml"
# What a file that has not the form of any is said to be, and how it begins.
_STARTS = {
    "values": ("values", "write name: value"),
    "calendar": ("calendar", "it starts with years: [2026]"),
    "policy": ("policy", "it starts with policy: name"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """One file as read from disk; `name` is how findings name it."""

    name: str
    data: bytes

    @property
    def is_values(self) -> bool:
        """Whether this is the desk's value file."""
        return self._last_name == VALUES_FILE

    @property
    def is_calendar(self) -> bool:
        """Whether this is the desk's file of events."""
        return self._last_name == CALENDAR_FILE

    @property
    def _last_name(self) -> str:
        return self.name.replace("\\", "/").rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Loaded:
    """
    The result of a load.

    program: the policies that are sound, also when others are not; a caller that runs must refuse a set with errors.
    texts: file texts by name, for carets.
    """

    program: Program
    findings: tuple[Finding, ...]
    texts: Mapping[str, str]

    @property
    def has_errors(self) -> bool:
        """Whether any finding is an error."""
        return any(finding.level is Level.ERROR for finding in self.findings)

    def require(self) -> Program:
        """Return the program. Raises: PolicyErrors with every error when there is any."""
        if self.has_errors:
            raise PolicyErrors([finding for finding in self.findings if finding.level is Level.ERROR])
        return self.program


def load(
    sources: Iterable[Source], catalogue: Catalogue, later: Later, currencies: frozenset[str] = USUAL_CURRENCIES
) -> Loaded:
    """
    Return everything a set of files means and everything wrong with it, each once, in file order.

    currencies: those of the accounts; an amount in any other is an error.
    """
    files = sorted(sources, key=lambda source: source.name)
    report = Report()
    texts: dict[str, str] = {}
    roots: dict[str, MappingNode] = {}
    for source in files:
        text = yaml_text.decode(source.data, source.name, report)
        if text is None:
            continue
        texts[source.name] = text
        root = _root(text, source, report)
        if root is not None:
            roots[source.name] = root
    events = _events(files, roots, report)
    catalogue = with_events(catalogue, events) if events.years else catalogue
    is_unread = any(source.is_calendar and report.errors_in(source.name) for source in files)
    scope = Scope(catalogue, later, {}, currencies=currencies, events=events, events_unread=is_unread)
    scope = _desk_values(files, roots, scope, report)
    policies, uses = _policies(files, roots, scope, report)
    check_units(uses, report)
    digest = sha256(b"".join(sha256(s.name.encode()).digest() + sha256(s.data).digest() for s in files)).hexdigest()
    sound = tuple(policy for policy in policies if not report.errors_in(policy.file))
    program = Program(sound, MappingProxyType(dict(scope.values)), digest, catalogue, events=events)
    return Loaded(program, report.sorted(), MappingProxyType(texts))


def _root(text: str, source: Source, report: Report) -> MappingNode | None:
    before = report.error_count
    root = yaml_text.read(text, source.name, report)
    if root is None or (isinstance(root, Scalar) and not root.text):
        if report.error_count == before and not source.is_values:
            hint = "it starts with years: [2026]" if source.is_calendar else "a policy starts with policy: name"
            report.error("empty-file", Place(source.name), "the file is empty", hint)
        return None
    if not isinstance(root, MappingNode):
        what, hint = _STARTS["values" if source.is_values else "calendar" if source.is_calendar else "policy"]
        report.error("wrong-shape", root.place, f"a {what} file is a list of keys, each with a colon and a space", hint)
        return None
    if source.is_values or source.is_calendar:
        check_shape(root, "values" if source.is_values else "calendar", report)
    elif is_foreign(root, report):
        return None
    else:
        check_shape(root, "policy", report)
    return root


def _events(files: list[Source], roots: dict[str, MappingNode], report: Report) -> Events:
    found = Events()
    calendars = sorted((one for one in files if one.is_calendar), key=lambda source: source.name.count("/"))
    for source in calendars:
        root = roots.pop(source.name, None)
        if source is not calendars[0]:
            message, hint = f"{calendars[0].name} is the calendar of this set", "keep one, beside the policies"
            report.error("second-calendar", Place(source.name), message, hint)
        elif root is not None:
            found = compile_events(root, report)
    return found


def _desk_values(files: list[Source], roots: Mapping[str, MappingNode], scope: Scope, report: Report) -> Scope:
    # The file nearest the top is the desk's own; what a deeper one repeats is told of there.
    for source in sorted(files, key=lambda source: source.name.count("/")):
        root = roots.get(source.name)
        if source.is_values and root is not None:
            scope = compile_values(_once(root, scope, report), scope, report)
        elif source.is_values and report.errors_in(source.name):
            scope = replace(scope, values_unread=True)
    return scope


def _once(root: MappingNode, scope: Scope, report: Report) -> MappingNode:
    again = [entry.key for entry in root.entries if entry.key.text in scope.values]
    if not again:
        return root
    names = f"'{again[0].text}'" + (f" and {len(again) - 1} more" if len(again) > 1 else "")
    message = f"{names} stand in another values.yaml of this set already"
    report.error("shadowed-value", again[0].place, message, "keep one values.yaml, beside the policies")
    return replace(root, entries=tuple(entry for entry in root.entries if entry.key not in again))


def _policies(
    files: list[Source], roots: Mapping[str, MappingNode], scope: Scope, report: Report
) -> tuple[list[Policy], list[Use]]:
    policies: list[Policy] = []
    uses: list[Use] = []
    named: dict[str, Place] = {}
    shared_files = [source.name for source in files if source.is_values or source.is_calendar]
    for source in files:
        root = roots.get(source.name)
        if source.is_values or root is None:
            continue
        _check_name(root, named, report)
        _check_former_names(root, roots, report)
        found = _levels(root, scope, report)
        if not found:
            if not any(report.errors_in(name) for name in (source.name, *shared_files)):
                # A policy may never be left out in silence.
                report.error("wrong-shape", root.place, "this policy cannot be read", "see rekha explain policy")
            continue
        check_lets(found, report)
        lint_file(found, scope.values, scope.catalogue, report)
        if report.errors_in(source.name):
            continue
        for policy, level in found:
            uses.extend(_uses(policy, {**scope.values, **policy.lets}, level))
            policies.append(policy)
    lint_set(policies, scope.values, scope.catalogue, report)
    return policies, uses


def _levels(root: MappingNode, scope: Scope, report: Report) -> list[tuple[Policy, MappingNode]]:
    """Return the policy of a file, or those of its levels, checked each by itself; none where one cannot be read."""
    found = []
    for level in levels_of(root, report):
        policy = compile_policy(level, scope, report)
        if policy is not None:
            check_policy(policy, level, {**scope.values, **policy.lets}, scope.catalogue, report)
        found.append((policy, level))
    return [(policy, level) for policy, level in found if policy is not None] if all(p for p, _ in found) else []


def _uses(policy: Policy, values: Mapping[str, ir.Node], root: MappingNode) -> Iterable[Use]:
    for sentence in (part for tree in policy.conditions for part in ir.walk(tree)):
        if isinstance(sentence, ir.Sentence):
            scalar, _ = locate(root, steps_of(sentence.pointer))
            yield from uses_of_bare(sentence.body, values, scalar)


def _check_former_names(root: MappingNode, roots: Mapping[str, MappingNode], report: Report) -> None:
    """A policy may take over the latch of one that is gone, never that of one that stands, and only one may."""
    standing = {name.text: name.place for other in roots.values() for name in _names(other)}
    for node in former_names(root):
        if report.errors_under(node.place):
            continue
        others = (former for other in roots.values() for former in former_names(other))
        taken = next((other.place for other in others if other.text == node.text and other.place != node.place), None)
        if node.text in standing:
            place = standing[node.text]
            message = f"the policy '{node.text}' still stands in {place.file}:{place.line}"
            report.error("former-name", node.place, message, "was: names a policy that is gone")
        elif taken is not None:
            message = f"{taken.file}:{taken.line} takes over the latch of '{node.text}' as well"
            report.error("former-name", node.place, message, "one policy may be the renamed one")


def _names(root: MappingNode) -> Iterable[Scalar]:
    """Yield the name of a file's policy and those of its levels."""
    own = [root, *levels_of(root, Report())] if root.get("levels") is not None else [root]
    for node in (each.get("policy") for each in own):
        if isinstance(node, Scalar):
            yield node


def _check_name(root: MappingNode, named: dict[str, Place], report: Report) -> None:
    node = root.get("policy")
    if not isinstance(node, Scalar) or not node.text:
        return
    first = named.setdefault(node.text, node.place)
    if first is not node.place:
        message = f"a policy called '{node.text}' stands already in {first.file}:{first.line}"
        report.error("duplicate-policy", node.place, message, "names are unique in a set")
