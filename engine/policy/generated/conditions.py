"""
The generated function of a set of policies: how it is put together, compiled and called.

It answers for a policy only when everything the answer needs is known; a policy it does not answer for, the tree
evaluator judges, which stays what a policy means.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal, getcontext, setcontext
from types import MappingProxyType
from typing import Any, Final

from engine.domain.kinds import BOOL
from engine.domain.numbers import CONTEXT, ZERO, seconds_of
from engine.domain.values import Unknown
from engine.facts.base import Catalogue, Part, View
from engine.policy import ir
from engine.policy.generated import careful
from engine.policy.generated.careful import NOT_MADE, not_known
from engine.policy.generated.passes import words_in, write_pass
from engine.policy.generated.reductions import Reduction, Reductions
from engine.policy.generated.terms import Constant, Names, NotWrittenError, Writer, computed
from engine.policy.program import Policy

# So many different situations in which something is not known have a function each; then the oldest makes room.
_MOST_CAREFUL: Final = 64
# What touching a value that is not known raises. Anything else is a fact that broke, which nobody may overlook.
_NOT_KNOWN: Final = (TypeError, LookupError, ArithmeticError)
_FILE: Final = "<the conditions of this set>"

# Names of policies: those whose condition is true, those of which it is not known, those the tree evaluator must judge.
Answer = tuple[Sequence[str], Sequence[str], Sequence[str]]


@dataclass(frozen=True, eq=False)
class Pass:
    """
    All reductions over one kind of rows that change for the same reason.

    is_timed: they may change while nothing but the time does.
    """

    name: str
    rows: str
    reductions: tuple[Reduction, ...]
    is_timed: bool
    function: Callable[..., tuple[Any, ...]]
    alone: Callable[[int], Callable[..., tuple[Any, ...]]]

    def over(
        self, rows: Sequence[Any] | Unknown, view: View | None, facts: tuple[Any, ...], moment: tuple[Any, ...],
        constants: tuple[Any, ...],
    ) -> tuple[Any, ...]:  # fmt: skip
        """
        Return every reduction; one that meets what is not known is left out, the others still stand.

        Raises: what a field raises that breaks.
        """
        if isinstance(rows, Unknown):
            return (NOT_MADE,) * len(self.reductions)
        ambient = getcontext()
        setcontext(CONTEXT)
        try:
            return self.function(rows, view, facts, moment, constants)
        except Exception:  # noqa: BLE001 - one row that is not known must not cost the reductions that do not ask it
            return tuple(self._one(i, rows, view, facts, moment, constants) for i in range(len(self.reductions)))
        finally:
            setcontext(ambient)

    def _one(self, index: int, *given: Any) -> Any:
        try:
            return self.alone(index)(*given)[0]
        except _NOT_KNOWN:
            return NOT_MADE


@dataclass(frozen=True, eq=False)
class Conditions:
    """
    The generated form of some policies' conditions.

    facts: names of the facts it takes that only change with the reading. moments: those that change with the time.
    asked: trees whose value the tree evaluator must give each time. constants: what is fixed for an account.
    by_tree: policies without a generated form, with the reason.
    """

    policies: tuple[str, ...]
    facts: tuple[str, ...]
    moments: tuple[str, ...]
    asked: tuple[Constant, ...]
    constants: tuple[Constant, ...]
    passes: tuple[Pass, ...]
    by_tree: Mapping[str, str]
    source: str
    function: Callable[..., Answer] = field(repr=False)
    variant: Callable[[frozenset[str]], Callable[..., Answer]] = field(repr=False)
    carefully: Callable[[frozenset[str]], Callable[..., Answer]] = field(repr=False)

    def ask(
        self, facts: tuple[Any, ...], moment: tuple[Any, ...], constants: tuple[Any, ...], results: Sequence[Any],
        unknown: frozenset[str],
    ) -> Answer:  # fmt: skip
        """
        Return what the generated functions say.

        unknown: the facts and moments that are; for them there is a function that does not stumble over each anew. What
        raised for another reason (the least of no rows) is asked once more, with three truth values.
        """
        function = self.variant(unknown) if unknown else self.function
        fires, doubtful, unsure = function(facts, moment, constants, results)
        if not unsure:
            return fires, doubtful, unsure
        by_tree = [name for name in unsure if name in self.by_tree]
        if len(by_tree) == len(unsure):
            return fires, doubtful, by_tree
        again = self.carefully(frozenset(unsure).difference(by_tree))
        more, open_, left = again(facts, moment, constants, results)
        return [*fires, *more], [*doubtful, *open_], [*left, *by_tree]


def condition_of(policy: Policy) -> ir.Node:
    """Return what must be true for a policy to matter: `when`, or that it is so for some row of `for_each`."""
    if policy.for_each is None:
        return policy.when
    rows = policy.for_each
    return ir.Aggregate(
        kind="any", rows=rows.plural, variable=rows.singular, element=policy.when, where=policy.where, type=BOOL
    )


def generate(policies: Iterable[Policy], catalogue: Catalogue) -> Conditions:
    """Return the generated form of some policies that make the same demands of facts."""
    return _Generation(tuple(policies), catalogue).made()


_Key = tuple[str, frozenset[str]]


class _Generation:
    def __init__(self, policies: tuple[Policy, ...], catalogue: Catalogue) -> None:
        self._policies = policies
        self._catalogue = catalogue
        self._names = Names(catalogue)
        self._reductions = Reductions()
        self._by_tree: dict[str, str] = {}
        self._careful: dict[_Key, Callable[..., Answer]] = {}

    def made(self) -> Conditions:
        blocks = [line for policy in self._policies for line in self._block(policy)]
        facts, moments = self._facts()
        passes = self._passes()
        texts = {name: self._pass_text(name, reductions) for name, _, reductions, _ in passes}
        function = self._function(blocks)
        parts = [lines for lines in (self._literals(), *texts.values(), function) if lines]
        source = "\n\n\n".join("\n".join(lines) for lines in parts) + "\n"
        namespace = self._namespace(source)
        return Conditions(
            policies=tuple(policy.name for policy in self._policies),
            facts=facts,
            moments=moments,
            asked=tuple(asked for _, asked in self._names.asked.values()),
            constants=tuple(constant for _, constant in self._names.constants.values()),
            passes=tuple(
                Pass(name, rows, reductions, is_timed, namespace[name], self._alone(reductions))
                for name, rows, reductions, is_timed in passes
            ),
            by_tree=MappingProxyType(self._by_tree),
            source=source,
            function=namespace["conditions"],
            variant=self._variant,
            carefully=self._carefully,
        )

    def _variant(self, unknown: frozenset[str]) -> Callable[..., Answer]:
        names = {self._names.facts[name] for name in unknown}
        return self._cached(("variant", unknown), lambda: [self._block(policy, names) for policy in self._policies])

    def _carefully(self, policies: frozenset[str]) -> Callable[..., Answer]:
        chosen = [policy for policy in self._policies if policy.name in policies]
        return self._cached(("carefully", policies), lambda: [self._block(policy, None) for policy in chosen])

    def _cached(self, key: _Key, blocks: Callable[[], list[list[str]]]) -> Callable[..., Answer]:
        found = self._careful.get(key)
        if found is None:
            function = self._function([line for block in blocks() for line in block], is_careful=True)
            source = "\n".join((*self._literals(), *function))
            found = self._namespace(source, careful.OPERATIONS)["conditions"]
            if len(self._careful) == _MOST_CAREFUL:
                del self._careful[next(iter(self._careful))]
            self._careful[key] = found
        return found

    # -- one policy ----------------------------------------------------------------------------------------------

    def _block(self, policy: Policy, unknown: Set[str] | None = frozenset()) -> list[str]:
        """Return the lines of a policy; careful where it names one of the unknown locals, or None is given for them."""
        condition = condition_of(policy)
        heading = f"    # {policy.name}: {'; '.join(_said(condition))}"
        writer = Writer(self._names, policy.lets, self._reductions.write)
        try:
            if policy.for_each is not None and policy.for_each.spans_accounts:
                raise NotWrittenError("it is about several accounts")
            text = writer.write(condition).text
            is_careful = unknown is None or not unknown.isdisjoint(words_in([text]))
            text = replace(writer, is_careful=True).write(condition).text if is_careful else text
        except NotWrittenError as reason:
            self._by_tree[policy.name] = str(reason)
            return [f"{heading} (left to the tree: {reason})", f"    unsure.append({policy.name!r})"]
        if is_careful:
            return [
                heading,
                "    try:",
                f"        answer = {text}",
                "        if answer is not False:",
                f"            (fires if answer is True else unknown).append({policy.name!r})",
                "    except Exception:",
                f"        unsure.append({policy.name!r})",
            ]
        return [
            heading,
            "    try:",
            f"        if {text}:",
            f"            fires.append({policy.name!r})",
            "    except Exception:",
            f"        unsure.append({policy.name!r})",
        ]

    def _function(self, blocks: list[str], *, is_careful: bool = False) -> list[str]:
        facts, moments = self._locals()
        results = [one.name for _, _, reductions, _ in self._passes() for one in reductions]
        return [
            "def conditions(facts, moment, constants, results):",
            *_unpacked("facts", [(name, "") for name in facts]),
            *_unpacked("moment", [(name, "") for name in moments]),
            *_unpacked("constants", [(name, constant.words) for name, constant in self._names.constants.values()]),
            *_unpacked("results", [(name, "") for name in results]),
            "    fires, unsure = [], []" if not is_careful else "    fires, unknown, unsure = [], [], []",
            *blocks,
            f"    return fires, {'unknown' if is_careful else '()'}, unsure",
        ]

    # -- what it is given ----------------------------------------------------------------------------------------

    def _facts(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        timed = [name for name in self._names.facts if Part.CLOCK in self._catalogue.facts[name].needs]
        return tuple(name for name in self._names.facts if name not in timed), tuple(timed)

    def _locals(self) -> tuple[list[str], list[str]]:
        facts, moments = self._facts()
        names = self._names.facts
        asked = [name for name, _ in self._names.asked.values()]
        return [names[name] for name in facts], ["now", *(names[name] for name in moments), *asked]

    def _literals(self) -> list[str]:
        return [f"{name} = {spelt}{_remark(name, words)}" for name, spelt, words in self._names.literals.values()]

    def _given(self) -> dict[str, str]:
        """Return the lines that give a pass what is no field of a row, by name, in an order that works."""
        facts, moments = self._locals()
        constants = [name for name, _ in self._names.constants.values()]
        lines = {name: f"{name} = facts[{index}]" for index, name in enumerate(facts)}
        lines |= {name: f"{name} = moment[{index}]" for index, name in enumerate(moments)}
        lines |= {name: f"{name} = constants[{index}]" for index, name in enumerate(constants)}
        return lines | {name: f"{name} = {text}" for text, name in self._names.hoisted.items()}

    # -- passes --------------------------------------------------------------------------------------------------

    def _passes(self) -> list["_Planned"]:
        groups: dict[tuple[str, bool], list[Reduction]] = {}
        for reduction in self._reductions.found.values():
            is_timed = reduction.is_timed or self._is_given_timed(reduction)
            groups.setdefault((reduction.rows, is_timed), []).append(reduction)
        return [
            (f"{'timed_' if is_timed else ''}pass_over_{rows}", rows, tuple(found), is_timed)
            for (rows, is_timed), found in groups.items()
        ]

    def _is_given_timed(self, reduction: Reduction) -> bool:
        words = words_in(term.text for term in reduction.terms)
        hoisted = {name: text for text, name in self._names.hoisted.items()}
        words |= words_in(hoisted[word] for word in words if word in hoisted)
        return not words.isdisjoint(self._locals()[1])

    def _pass_text(self, name: str, reductions: tuple[Reduction, ...]) -> list[str]:
        return write_pass(name, reductions, self._given(), self._catalogue.rows[reductions[0].rows])

    def _alone(self, reductions: tuple[Reduction, ...]) -> Callable[[int], Callable[..., tuple[Any, ...]]]:
        made: dict[int, Callable[..., tuple[Any, ...]]] = {}

        def alone(index: int) -> Callable[..., tuple[Any, ...]]:
            if index not in made:
                text = "\n".join((*self._literals(), *self._pass_text("alone", (reductions[index],))))
                made[index] = self._namespace(text)["alone"]
            return made[index]

        return alone

    def _namespace(self, source: str, operations: Mapping[str, Any] = MappingProxyType({})) -> dict[str, Any]:
        names: dict[str, Any] = {
            "__builtins__": {"Exception": Exception, "bool": bool},
            "Unknown": Unknown,
            "ZERO": ZERO,
            "add": CONTEXT.add,
            "subtract": CONTEXT.subtract,
            "multiply": CONTEXT.multiply,
            "divide": CONTEXT.divide,
            "minus": CONTEXT.minus,
            "number": Decimal,
            "since": _since,
            "some": _some,
            "not_known": not_known,
            **operations,
        }
        for rows in self._catalogue.rows.values():
            names |= {computed(spec, rows.singular): spec.compute for spec in rows.fields.values()}
        # The text is written here from the checked tree; no word of an author's is in it but as a comment.
        exec(compile(source, _FILE, "exec"), names)
        return names


_Planned = tuple[str, str, tuple[Reduction, ...], bool]


def _said(node: ir.Node) -> list[str]:
    """Return the sentences of a condition as a comment can hold them."""
    texts = [part.text for part in ir.walk(node) if isinstance(part, ir.Sentence)]
    return ["".join(character if character.isprintable() else "?" for character in text) for text in texts]


def _unpacked(source: str, names: list[tuple[str, str]]) -> list[str]:
    if not names:
        return []
    lines = [f"        {name},{_remark(name, words)}" for name, words in names]
    return ["    (", *lines, f"    ) = {source}"]


def _remark(name: str, words: str) -> str:
    return f"  # {_printable(words)}" if words and words != name else ""


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)


def _since(now: datetime, moment: datetime) -> Decimal:
    return max(ZERO, seconds_of(now - moment))


def _some(extreme: Any) -> Any:
    return not_known() if extreme is None else extreme
