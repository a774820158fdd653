"""What can be read but is hardly meant: levels out of order, conditions that contradict or repeat each other."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, islice, product

from engine.domain.kinds import TIME, Kind
from engine.facts.base import Catalogue
from engine.policy import guard, ir
from engine.policy.findings import Place, Report
from engine.policy.lines import Conjunct, Reader, Values
from engine.policy.lint_then import lint_then
from engine.policy.program import Policy
from engine.policy.shape import locate, steps_of
from engine.policy.values import place_in
from engine.policy.yaml_text import Mapping as MappingNode

_LOSSES = ("loss", "drawdown")
# No policy that a person wrote has more; a file of thousands of sentences is read all the same, and left at that.
_MOST_PAIRS = 20_000
# What moves past a value from one reading to the next.
_FLOWING = frozenset({Kind.MONEY, Kind.PERCENT, Kind.DURATION, Kind.TIME})
Found = tuple[Policy, MappingNode]
# With what its condition asks, one of each tuple's all being enough.
_Level = tuple[Policy, MappingNode, list[tuple[Conjunct, ...]]]


def lint_file(found: Sequence[Found], values: Values, catalogue: Catalogue, report: Report) -> None:
    """Report what is hardly meant in the policies of one file. found: each with its nodes. values: the desk's."""
    read = [(policy, root, Reader({**values, **policy.lets}, catalogue)) for policy, root in found]
    for policy, root, reader in read:
        lint_then(policy, root, report)
        _check_same_sides(policy, root, reader, report)
        _check_exact(policy, root, reader, catalogue, report)
        _check_contradictions(policy, root, reader, report)
        _check_clearing(policy, root, reader, report)
        _check_at_once(policy, root, reader, report)
        _check_empty_book(policy, root, {**values, **policy.lets}, catalogue, report)
    ladder = [(policy, root, _alternatives(policy, reader)) for policy, root, reader in read] if len(read) > 1 else []
    for number, later in enumerate(ladder):
        for earlier in reversed(ladder[:number]):
            if _is_out_of_order(earlier, later, report):
                break


def lint_set(policies: Sequence[Policy], values: Values, catalogue: Catalogue, report: Report) -> None:
    """Warn of each policy that does what another one does already, on the same condition and for the same accounts."""
    seen: dict[str, list[Policy]] = {}
    for policy in policies:
        if policy.mode.value != "off":
            seen.setdefault(_deed(policy, Reader({**values, **policy.lets}, catalogue)), []).append(policy)
    for alike in seen.values():
        for number, later in enumerate(alike):
            earlier = next((one for one in alike[:number] if _may_meet(one, later)), None)
            if earlier is not None and earlier.ladder != later.ladder:
                message = f"'{later.name}' does on the same condition what '{earlier.name}' does already"
                hint = f"keep one of them; the other stands in {earlier.place.file}:{earlier.place.line}"
                report.warning("duplicate-rule", later.place, message, hint)


# -- one policy ---------------------------------------------------------------------------------------------------


def _check_same_sides(policy: Policy, root: MappingNode, reader: Reader, report: Report) -> None:
    for sentence in (part for tree in policy.conditions for part in ir.walk(tree) if isinstance(part, ir.Sentence)):
        for part in ir.walk(sentence.body):
            if isinstance(part, ir.Compare) and reader.form(part.left) == reader.form(part.right):
                holds = part.operator in ("<=", ">=", "==")
                code, words = ("always-true", "always") if holds else ("impossible", "never")
                message = f"both sides are the same: this is {words} true"
                report.error(code, _at(sentence, part, root), message, "compare it with a limit or another fact")


def _check_exact(policy: Policy, root: MappingNode, reader: Reader, catalogue: Catalogue, report: Report) -> None:
    """Warn of an amount or a time that a reading must hit exactly: it passes by such a point without touching it."""
    for sentence in (part for tree in policy.conditions for part in ir.walk(tree) if isinstance(part, ir.Sentence)):
        for part in ir.walk(sentence.body):
            points: tuple[ir.Node, ...]
            if isinstance(part, ir.Compare) and part.operator == "==":
                subject, points = part.left, (part.right,)
            elif isinstance(part, ir.Member):
                subject, points = part.item, part.options
            else:
                continue
            if _flows(subject, reader, catalogue) and any(reader.number(point) for point in points):
                message = "this is true of exactly that value: a reading before it and one after it miss it"
                report.warning("exact-value", _at(sentence, part, root), message, "write >= or <=")


def _flows(node: ir.Node, reader: Reader, catalogue: Catalogue) -> bool:
    """Return whether a number moves from one reading to the next; the strike of a contract does not."""
    if isinstance(node, ir.FieldRef) and not catalogue.kind(node.rows).fields[node.field].is_pnl:
        return False
    return node.type.kind in _FLOWING and reader.number(node) is None


def _check_contradictions(policy: Policy, root: MappingNode, reader: Reader, report: Report) -> None:
    chosen = (*_hours(policy, reader), *reader.conjuncts(policy.where))
    told: set[str] = set()
    for one, two in islice(_beside((), (*chosen, *reader.conjuncts(policy.when)), reader), _MOST_PAIRS):
        if two.form not in told and _exclude(one, two):
            told.add(two.form)
            message = f"'{two.text}' and '{one.text}' are never true together"
            report.error("impossible", _place(two, root), message, "put them under any: if one of them is enough")


def _hours(policy: Policy, reader: Reader) -> tuple[Conjunct, ...]:
    """Return what a window of the day asks of the time, as sentences of its own."""
    window = policy.during
    if window.start is not None and window.end is not None and window.start >= window.end:
        return ()
    ends = [(">=", window.start), ("<", window.end)]
    found: list[Conjunct] = []
    for operator, end in ends:
        if end is not None:
            limit = ir.Literal(value=end, text="", type=TIME)
            body = ir.Compare(operator=operator, left=ir.FactRef(name="time", type=TIME), right=limit)
            found += reader.conjuncts(ir.Sentence(text=f"during: {window.name}", pointer="/during", body=body))
    return tuple(found)


def _beside(
    outer: tuple[Conjunct, ...], own: tuple[Conjunct, ...], reader: Reader
) -> Iterator[tuple[Conjunct, Conjunct]]:
    """Yield each two that must hold at once: in one block, and in each branch of an `any` beside what is around it."""
    yield from combinations(own, 2)
    yield from product(outer, own)
    for conjunct in own:
        if isinstance(conjunct.node, ir.Junction) and conjunct.node.kind == "any" and not conjunct.is_negated:
            rest = (*outer, *(other for other in own if other is not conjunct))
            for branch in conjunct.node.operands:
                yield from _beside(rest, _in_sentence(reader.conjuncts(branch), conjunct), reader)


def _in_sentence(conjuncts: tuple[Conjunct, ...], outer: Conjunct) -> tuple[Conjunct, ...]:
    sentence = outer.sentence
    if sentence is None:
        return conjuncts
    return tuple(replace(one, sentence=one.sentence or sentence) for one in conjuncts)


def _exclude(one: Conjunct, two: Conjunct) -> bool:
    if one.line is not None and two.line is not None:
        return one.line.excludes(two.line)
    if one.is_negated is not two.is_negated and one.node.type == two.node.type:
        plain, turned = (two, one) if one.is_negated else (one, two)
        return _without_not(turned.form) == plain.form
    subject, words = _choice(one)
    other, others = _choice(two)
    return bool(subject) and subject == other and not words & others


def _without_not(form: str) -> str:
    return form.removeprefix('["Not", ').removesuffix("]")


def _choice(one: Conjunct) -> tuple[str, frozenset[str]]:
    """Return what must be one of which words, by their forms; an empty subject where it is not so."""
    node = one.node
    if one.is_negated:
        return "", frozenset()
    if isinstance(node, ir.Compare) and node.operator == "==" and isinstance(node.right, ir.Literal):
        return repr(ir.canonical_form(node.left)), frozenset([repr(ir.canonical_form(node.right))])
    if isinstance(node, ir.Member) and all(isinstance(option, ir.Literal) for option in node.options):
        return repr(ir.canonical_form(node.item)), frozenset(repr(ir.canonical_form(o)) for o in node.options)
    return "", frozenset()


def _check_clearing(policy: Policy, root: MappingNode, reader: Reader, report: Report) -> None:
    """Warn of a `clear_when` that is true while `when` is: between its lines the rule would not rest."""
    if policy.clear_when is None:
        return
    clear = reader.conjuncts(policy.clear_when)
    for alternative in guard.alternatives(policy.when):
        fires = [conjunct for part in alternative for conjunct in reader.conjuncts(part)]
        if len(clear) * len(fires) > _MOST_PAIRS:
            return
        pairs = [
            (one, two)
            for one in clear
            for two in fires
            if one.line is not None and two.line is not None and one.line.meets(two.line)
        ]
        apart = any(one.line.excludes(two.line, beyond_a_point=True) for one, two in pairs if one.line and two.line)
        if not apart and len({one.form for one, _ in pairs}) == len(clear):
            message = f"'{clear[0].text}' and '{pairs[0][1].text}' of `when` can be true together"
            hint = "clear_when is a line on the safe side of `when`, as in when: loss >= 8k, clear_when: loss <= 7k"
            report.warning("clear-overlaps", _place(clear[0], root), message, hint)
            return


def _check_at_once(policy: Policy, root: MappingNode, reader: Reader, report: Report) -> None:
    """Warn of a line past which one reading is enough, when every reading that makes the rule true lies past it."""
    line = policy.confirm.at_once_beyond
    scaled = None if line is None else reader.scaled(line)
    if scaled is None or report.errors_under(locate(root, ["confirm", "at_once_beyond"])[0].place):
        return
    for conjunct in reader.conjuncts(policy.when):
        limit = conjunct.line
        if limit is None or not limit.is_floor or not any(f'"{name}"]' in limit.subject for name in _LOSSES):
            continue
        if scaled[1] == limit.base and scaled[0] <= limit.factor:
            message = f"whenever '{conjunct.text}' is true this line is passed, so that one reading is always enough"
            hint = "set it beyond the limit, as in 200% of loss_limit, or write confirm: at once"
            report.warning("never-waits", locate(root, ["confirm", "at_once_beyond"])[0].place, message, hint)
            return


def _check_empty_book(policy: Policy, root: MappingNode, values: Values, catalogue: Catalogue, report: Report) -> None:
    acts = next((call for call in policy.then if call.spec.repeats_need_rest or call.spec.needs_latch), None)
    if acts is None or policy.for_each is not None or report.errors_under(root.key_place("when")):
        return
    is_told = guard.holds_over_no_rows(policy.when, catalogue, values)
    if not is_told and guard.holds_on_empty_book(policy.when, catalogue, values):
        message = f"this is true of an account that holds nothing and has no orders, and would {acts.words}"
        report.warning("fires-on-empty-book", root.key_place("when"), message, "add a sentence: open_positions > 0")


# -- several policies ---------------------------------------------------------------------------------------------


def _is_out_of_order(earlier: _Level, later: _Level, report: Report) -> bool:
    """Report a level that can be true while one before it is not; only what is certain, whatever the reading."""
    (mild, _, first), (stern, root, then) = earlier, later
    if mild.during != stern.during:
        return False
    if sum(map(len, first)) * sum(map(len, then)) > _MOST_PAIRS:
        return False
    if mild.confirm == stern.confirm and _all_imply(first, then) and _all_imply(then, first):
        message = f"the levels '{mild.name}' and '{stern.name}' are true at the same time"
        hint = "give each its own line, or make them one level with both lists of actions"
        report.warning("ladder-order", root.key_place("when"), message, hint)
        return True
    for alternative in then:
        broken = [_looser(alternative, other) for other in first]
        pair = next((pair for pair in broken if pair is not None), None)
        if pair is not None and not any(_implies(alternative, other) for other in first):
            message = (
                f"'{stern.name}' is true before '{mild.name}', which stands above it: "
                f"'{pair[0].text}' is the looser of the two, '{pair[1].text}' the tighter"
            )
            report.warning("ladder-order", _place(pair[0], root), message, "write the levels mildest first")
            return True
    return False


def _alternatives(policy: Policy, reader: Reader) -> list[tuple[Conjunct, ...]]:
    chosen = reader.conjuncts(policy.where)
    return [
        (*chosen, *(conjunct for part in alternative for conjunct in reader.conjuncts(part)))
        for alternative in guard.alternatives(policy.when)
    ]


def _is_implied(one: Conjunct, by: Iterable[Conjunct]) -> bool:
    return any(
        other.form == one.form or (one.line is not None and other.line is not None and other.line.implies(one.line))
        for other in by
    )


def _implies(these: tuple[Conjunct, ...], those: tuple[Conjunct, ...]) -> bool:
    return all(_is_implied(one, these) for one in those)


def _all_imply(these: list[tuple[Conjunct, ...]], those: list[tuple[Conjunct, ...]]) -> bool:
    return all(any(_implies(one, other) for other in those) for one in these)


def _looser(these: tuple[Conjunct, ...], those: tuple[Conjunct, ...]) -> tuple[Conjunct, Conjunct] | None:
    """Return a line of the first and the tighter one of the second that it does not reach, if there are such two."""
    for wanted in those:
        if wanted.line is None or _is_implied(wanted, these):
            continue
        for one in these:
            if one.line is not None and wanted.line.implies(one.line):
                return one, wanted
    return None


def _deed(policy: Policy, reader: Reader) -> str:
    acting = [call for call in policy.then if not call.spec.only_tells] or policy.then
    asked = (*reader.conjuncts(policy.where), *reader.conjuncts(policy.when))
    conditions = sorted(one.form if one.line is None else one.line.words for one in asked)
    deeds = [
        (call.name, sorted((key, _said(value, reader)) for key, value in call.arguments.items())) for call in acting
    ]
    row = policy.for_each.plural if policy.for_each is not None else ""
    return repr((row, conditions, policy.during.name, policy.confirm.samples, policy.confirm.at_least, deeds))


def _said(value: object, reader: Reader) -> str:
    return reader.form(value) if isinstance(value, ir.Node) else repr(value)


def _may_meet(one: Policy, two: Policy) -> bool:
    """Return whether some account may be watched by both; of rules about groups, whether they are about the same."""
    ones, twos = one.accounts, two.accounts
    if one.is_of_group:
        # Other members are another sum, also where some belong to both.
        ids = None if ones.ids is None or twos.ids is None else (set(ones.ids), set(twos.ids))
        return ones == twos if ids is None else ids[0] == ids[1]
    if ones.ids is not None and twos.ids is not None:
        return bool(set(ones.ids) & set(twos.ids))
    labels: Mapping[str, str] = ones.labels
    return all(labels.get(key, value) == value for key, value in twos.labels.items())


# -- places -------------------------------------------------------------------------------------------------------


def _place(conjunct: Conjunct, root: MappingNode) -> Place:
    return root.place if conjunct.sentence is None else _at(conjunct.sentence, conjunct.node, root)


def _at(sentence: ir.Sentence, part: ir.Node, root: MappingNode) -> Place:
    return place_in(locate(root, steps_of(sentence.pointer))[0], part.at)
