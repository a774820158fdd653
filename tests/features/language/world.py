"""What a scenario of the language works with: given facts, rows and files, and how answers are read back."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

from engine.domain.values import Unknown, Value, bounds, unknown
from engine.policy import meaning
from engine.policy.expression import parse_condition, parse_expression
from engine.policy.findings import Finding, Level, Report
from engine.policy.literals import parse_literal
from engine.policy.load import Loaded
from engine.policy.scope import Scope
from engine.policy.then import compile_then
from engine.policy.yaml_text import Mapping, read
from tests.policy.toy import CATALOGUE, NOW, VALUES, World, loaded, policy, scope

Table = list[list[str]]
IRREVOCABLE = "confirm: at once\non_unknown: wait\nonce: per account per day\n"


@dataclass
class Language:
    """One scenario: the world sentences are read in, the desk's values, and the file that is checked."""

    world: World = field(default_factory=World)
    values: str = VALUES
    calendar: str | None = None
    file: str | None = None
    row: str | None = None

    @property
    def scope(self) -> Scope:
        made = scope(self.values)
        if self.row is None:
            return made
        rows = CATALOGUE.singular(self.row)
        assert rows is not None
        return made.binding(self.row, rows)

    def give(self, name: str, text: str) -> None:
        assert name in CATALOGUE.facts or "(" in name, f"no fact is called {name}"
        self.world = replace(self.world, facts={**self.world.facts, name: value_of(text)})

    def give_rows(self, plural: str, table: Table | None) -> None:
        rows: object = unknown(f"{plural} not read")
        if table is not None:
            fields = CATALOGUE.rows[plural].fields
            assert all(name in fields or name == "row" for name in table[0]), f"not a field: {table[0]}"
            rows = tuple({n: value_of(t) for n, t in zip(table[0], line, strict=True)} for line in table[1:])
        self.world = replace(self.world, kinds={**self.world.kinds, plural: rows})

    def read_ago(self, name: str, seconds: int) -> None:
        stamps = {**self.world.stamps, name: NOW - timedelta(seconds=seconds)}
        self.world = replace(self.world, stamps=stamps)

    def answer(self, text: str) -> str:
        node = parse_condition(text, self.scope)
        return meaning.evaluate(node, replace(self.world, values=self.scope.values), text=text).truth.value

    def block_answer(self, kind: str, names: tuple[str, ...]) -> str:
        """The truth of `kind:` over sentences that are one fact each, compiled from a file."""
        rule = self.check(policy(f"{{{kind}: [{', '.join(names)}]}}")).require().policies[0]
        return meaning.evaluate(rule.when, self.world).truth.value

    def condition(self, name: str) -> str:
        """The truth of a policy's `when`, with its own values."""
        program = self.check().require()
        rule = program.policy(name)
        assert rule is not None
        world = replace(self.world, values={**program.values, **rule.lets})
        return meaning.evaluate(rule.when, world).truth.value

    def worth(self, text: str) -> Value:
        node = parse_expression(text, self.scope)
        return meaning.evaluate(node, replace(self.world, values=self.scope.values), text=text).value

    def action_codes(self, row: str, action: str) -> list[str]:
        """The codes of what is wrong with one action of a rule about each row of a kind."""
        report, rows, words = Report(), CATALOGUE.singular(row), scope(self.values)
        assert rows is not None
        root = read(f"then:\n  - {action}\n", "rule.yaml", report)
        assert isinstance(root, Mapping)
        calls = compile_then(root.get("then"), words.binding(row, rows), rows, report)
        found = [finding.code for finding in report.sorted()]
        assert len(calls) == (0 if found else 1)
        return found

    def check(self, text: str | None = None) -> Loaded:
        result = loaded(text or self.file or "", self.values, calendar=self.calendar)
        assert result.texts
        return result


def errors(result: Loaded) -> list[Finding]:
    return [finding for finding in result.findings if finding.level is Level.ERROR]


def warnings(result: Loaded) -> list[Finding]:
    return [finding for finding in result.findings if finding.level is Level.WARNING]


def spot(result: Loaded, finding: Finding) -> str:
    """The text a finding points at."""
    line = result.texts[finding.place.file].splitlines()[finding.place.line - 1]
    return line[finding.place.column - 1 :][: finding.place.length]


def sentence_file(text: str, row: str | None = None) -> str:
    """A whole policy around one sentence, quoted when YAML would read it otherwise."""
    quoted = '"' + text.replace('"', '\\"') + '"'
    return policy(quoted, more=f"for_each: {row}\n" if row else "")


def number(text: str) -> Decimal:
    literal = parse_literal(text)
    assert literal is not None, f"not a number: {text}"
    return literal.value


def value_of(text: str) -> Value:
    """`5k`, `yes`, `HALTED`, `unknown`, `between -200 and 50`, `at least 3`, `at most 3`."""
    words = text.split()
    if text == "unknown":
        return unknown("not told")
    if words[0] == "between":
        return Unknown(("not told",), *map(number, text.removeprefix("between ").split(" and ")))
    if words[:2] == ["at", "least"]:
        return Unknown(("not told",), number(" ".join(words[2:])), None)
    if words[:2] == ["at", "most"]:
        return Unknown(("not told",), None, number(" ".join(words[2:])))
    if text in ("yes", "no"):
        return text == "yes"
    literal = parse_literal(text)
    return literal.value if literal is not None else text


def same(value: Value, wanted: str) -> bool:
    """Whether a value is what a scenario says, bounds included."""
    expected = value_of(wanted)
    if isinstance(value, Unknown) or isinstance(expected, Unknown):
        both = isinstance(value, Unknown) and isinstance(expected, Unknown)
        return both and bounds(value) == bounds(expected)
    return value == expected
