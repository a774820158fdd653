"""What a policy as a whole must satisfy: the sign guard, its own examples, no idle values, a window that opens."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.domain.numbers import ZERO, span_of
from engine.domain.truth import Truth
from engine.domain.values import Known, Unknown, Value, unknown
from engine.facts.base import Catalogue
from engine.facts.history import Past
from engine.policy import guard, ir, meaning
from engine.policy.calls import call_name, plain
from engine.policy.findings import Place, Report
from engine.policy.program import Example, Policy
from engine.policy.shape import locate, steps_of
from engine.policy.units import possible
from engine.policy.yaml_text import Mapping as MappingNode

# No exchange we know of is open longer than from nine to midnight.
_LONGEST_SESSION = timedelta(hours=15)


def check_policy(
    policy: Policy, root: MappingNode, values: Mapping[str, ir.Node], catalogue: Catalogue, report: Report
) -> None:
    """Report what is wrong or unwise about a policy that compiles. values: desk values and its own lets."""
    _check_sign(policy, root, values, catalogue, report)
    _check_line(policy, root, values, catalogue, report)
    _check_examples(policy, values, report)
    _check_window(policy, root, report)
    _check_reach(policy, root, report)
    _check_radius(policy, root, report)
    if guard.holds_over_no_rows(policy.when, catalogue, values):
        hint = "add a sentence such as open_positions > 0"
        report.warning(
            "all-over-no-rows",
            root.key_place("when"),
            "'all' over no rows is true: this can fire on an empty book",
            hint,
        )


def _sentences(node: ir.Node | None) -> list[ir.Sentence]:
    if node is None:
        return []
    return [part for part in ir.walk(node) if isinstance(part, ir.Sentence)]


def _check_sign(
    policy: Policy, root: MappingNode, values: Mapping[str, ir.Node], catalogue: Catalogue, report: Report
) -> None:
    for alternative, truth in guard.fires_without_loss(policy.when, catalogue, values):
        sentence = _blamed(policy.when, alternative, values, catalogue)
        place = locate(root, steps_of(sentence.pointer))[0].place if sentence else root.key_place("when")
        text = sentence.text if sentence else "this condition"
        is_true = "is true" if truth is Truth.TRUE else "may be true"
        report.error(
            "fires-without-loss",
            place,
            f"'{text}' {is_true} on a flat book, with no profit and no loss",
            _sign_hint(sentence, values),
        )


def _check_line(
    policy: Policy, root: MappingNode, values: Mapping[str, ir.Node], catalogue: Catalogue, report: Report
) -> None:
    line = policy.confirm.at_once_beyond
    if line is not None and guard.mentions_pnl(line, catalogue, values):
        place = locate(root, ["confirm", "at_once_beyond"])[0].place
        message = "this line moves with the loss that is to pass it"
        report.error("wrong-value", place, message, "a line is fixed, as in 200% of loss_limit or 5% of capital")
    elif line is not None and guard.is_always_passed(line, catalogue, values):
        place = locate(root, ["confirm", "at_once_beyond"])[0].place
        message = "every loss lies beyond this line, so that the confirmation is never waited for"
        report.error("always-true", place, message, "at_once_beyond is a positive amount, as in 200% of loss_limit")


def _blamed(
    when: ir.Node, alternative: tuple[ir.Node, ...], values: Mapping[str, ir.Node], catalogue: Catalogue
) -> ir.Sentence | None:
    parts = {id(part) for node in alternative for part in ir.walk(node)}
    for sentence in _sentences(when):
        overlaps = any(id(part) in parts for part in ir.walk(sentence))
        if overlaps and guard.mentions_pnl(sentence, catalogue, values):
            return sentence
    return None


def _sign_hint(sentence: ir.Sentence | None, values: Mapping[str, ir.Node]) -> str:
    compared = next((part for part in ir.walk(sentence) if isinstance(part, ir.Compare)), None) if sentence else None
    if compared is None:
        return "compare loss or drawdown with a positive limit, as in loss >= loss_limit"
    limit = next((part for part in (compared.right, compared.left) if isinstance(part, ir.ValueRef | ir.Literal)), None)
    if isinstance(limit, ir.ValueRef):
        for value in possible(values[limit.name]) if limit.name in values else ():
            if isinstance(value, ir.Literal) and value.text.startswith("-"):
                return f"{limit.name} is {value.text}; limits are positive: write {value.text.lstrip('-')}"
            if isinstance(value, ir.Literal) and value.value == ZERO:
                return f"{limit.name} can be {value.text}; a limit is more than nothing"
    if isinstance(limit, ir.Literal) and limit.value == ZERO:
        return "compare loss with a positive limit, as in loss >= loss_limit"
    name = (
        limit.name
        if isinstance(limit, ir.ValueRef)
        else limit.text.lstrip("-")
        if isinstance(limit, ir.Literal)
        else "loss_limit"
    )
    return f"did you mean loss >= {name}?"


def check_lets(policies: Iterable[tuple[Policy, MappingNode]], report: Report) -> None:
    """Warn of each value of a file, of one policy or the levels of one, that none of them uses. Each with its nodes."""
    unused: dict[Place, str] = {}
    used: set[Place] = set()
    for policy, root in policies:
        names = {name for node in (*policy.trees, *policy.lets.values()) for name in _value_names(node)}
        lets = root.get("let")
        for entry in lets.entries if isinstance(lets, MappingNode) else ():
            if entry.key.text in names:
                used.add(entry.key.place)
            elif entry.key.text in policy.lets:
                unused[entry.key.place] = entry.key.text
    for place, name in unused.items():
        if place not in used:
            report.warning("unused-value", place, f"'{name}' is never used", "take it out, or use it")


def _value_names(node: ir.Node) -> set[str]:
    return {part.name for part in ir.walk(node) if isinstance(part, ir.ValueRef)}


def _check_window(policy: Policy, root: MappingNode, report: Report) -> None:
    window = policy.during
    if window.start is not None and window.end is not None and window.start >= window.end:
        node, _ = locate(root, ["during", "from"])
        report.error(
            "empty-window", node.place, f"'during' runs from {window.name}: it is never open", "from must be before to"
        )


def _check_reach(policy: Policy, root: MappingNode, report: Report) -> None:
    """Report a confirmation that takes longer than what it must happen in."""
    window, wanted = policy.during, policy.confirm.at_least
    longest, what = _LONGEST_SESSION, "any session"
    if window.start is not None and window.end is not None and window.start < window.end:
        longest, what = span_of(window.end - window.start), f"'during', {window.name}"
    elif window.around is not None:
        longest, what = window.around.ends - window.around.begins, f"'during', {window.name}"
    if wanted >= longest:
        place = locate(root, ["confirm", "at_least"])[0].place
        message = f"it must be true for as long as {what}, or longer: it is never confirmed"
        report.error("never-confirmed", place, message, "write a shorter time, such as 30s")


def _check_radius(policy: Policy, root: MappingNode, report: Report) -> None:
    if policy.blast_radius is not None and not any(call.spec.irrevocable for call in policy.then):
        message = "'blast_radius' bounds nothing here: it counts actions that cannot be undone, and there is none"
        report.warning("idle-blast-radius", root.key_place("blast_radius"), message, "take it out")


class _Given:
    """An environment in which only what an example gives is known."""

    def __init__(self, example: Example, values: Mapping[str, ir.Node]) -> None:
        self._given = example.given
        self._values = values
        self.now = datetime.min.replace(tzinfo=UTC)
        self.used: set[str] = set()

    def fact(self, name: str) -> Value:
        return self._look_up(name)

    def rows(self, plural: str) -> tuple[Any, ...] | Unknown:
        return unknown(f"the example gives no {plural}")

    def field(self, plural: str, row: Any, field: str) -> Value:
        return self._look_up(f"{row}.{field}")

    def key(self, plural: str, row: Any) -> str:
        return plural

    def call(self, function: str, arguments: tuple[Known, ...]) -> Value:
        return self._look_up(call_name(function, arguments))

    def past(self, function: str, series: str, row: Any, text: str, current: Value) -> Past | Value:
        return self._look_up(plain(text))

    def value(self, name: str) -> ir.Node:
        node = self._values[name]
        given = self._given.get(name)
        self.used.add(name)
        return ir.Literal(value=given, text=str(given), type=node.type) if given is not None else node  # type: ignore[arg-type]

    def read_at(self, name: str) -> datetime | None:
        return None

    def _look_up(self, name: str) -> Value:
        self.used.add(name)
        given = self._given.get(name)
        return unknown("not given") if given is None else given  # type: ignore[return-value]


def _check_examples(policy: Policy, values: Mapping[str, ir.Node], report: Report) -> None:
    bound = {policy.for_each.singular: policy.for_each.singular} if policy.for_each is not None else {}
    where = f" in the level {policy.name}" if policy.is_level else ""
    for example in policy.examples:
        env = _Given(example, values)
        truth = meaning.evaluate(policy.when, env, bound).truth
        unused = sorted(set(example.given) - env.used)
        if unused:
            report.error(
                "example-unused",
                example.place,
                f"the example gives '{unused[0]}', which `when` never reads{where}",
                None,
            )
        elif truth is not example.expect:
            title = f"example '{example.title}'" if example.title else "the example"
            report.error(
                "example-fails",
                example.place,
                f"{title}: `when` is {truth.value}{where}, expected {example.expect.value}",
            )
