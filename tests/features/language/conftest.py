"""The steps of the language scenarios in `features/language`."""

from typing import Any

import pytest
from pytest_bdd import given, parsers, then, when

from engine.policy.findings import render_finding
from tests.features.language.reading import Reading
from tests.features.language.world import IRREVOCABLE, Language, Table, errors, same, sentence_file, spot, warnings
from tests.policy.toy import policy

KINDS = "positions|legs|orders|fills"
# In an outline a `<` would begin a placeholder, so relations have names there.
RELATIONS = {"less": "<", "at most": "<=", "more": ">", "at least": ">=", "equal": "==", "unequal": "!="}
SENTENCE = "`(?P<text>.+?)`"


def words(pattern: str) -> Any:
    return parsers.re(pattern)


@pytest.fixture
def language() -> Language:
    return Language()


# --- the world a sentence is read in


@given(words(r"the fact (?P<name>[\w.]+) is (?P<value>.+)"))
def _(language: Language, name: str, value: str) -> None:
    language.give(name, value)


@given("the facts")
def _(language: Language, datatable: Table) -> None:
    for name, value in datatable:
        language.give(name, value)


@given(words(rf"the rows of (?P<plural>{KINDS})"))
def _(language: Language, plural: str, datatable: Table) -> None:
    language.give_rows(plural, datatable)


@given(words(rf"(?P<plural>{KINDS}) that number none"))
def _(language: Language, plural: str) -> None:
    language.give_rows(plural, [["row"]])


@given(words(rf"(?P<plural>{KINDS}) that could not be read"))
def _(language: Language, plural: str) -> None:
    language.give_rows(plural, None)


@given(words(r"what (?P<name>[\w.]+) is read from came (?P<seconds>\d+) seconds ago"))
def _(language: Language, name: str, seconds: str) -> None:
    language.read_ago(name, int(seconds))


@given("the desk's values")
def _(language: Language, docstring: str) -> None:
    language.values = docstring + "\n"


@given("the desk's calendar")
def _(language: Language, docstring: str) -> None:
    language.calendar = docstring + "\n"


@given(words(r"a rule about each (?P<row>\w+)"))
def _(language: Language, row: str) -> None:
    language.row = row


# --- what a sentence says


@then(words(rf"{SENTENCE} is (?P<answer>true|false|unknown)"))
def _(language: Language, text: str, answer: str) -> None:
    assert language.answer(text) == answer


@then(words(r"`(?P<left>.+)` against `(?P<right>.+)` is (?P<answers>.+)"))
def _(language: Language, left: str, right: str, answers: str) -> None:
    for one in answers.split(", "):
        answer, _, relation = one.partition(" to ")
        assert language.answer(f"{left} {RELATIONS[relation]} {right}") == answer, one


@then(words(rf"{SENTENCE} is worth (?P<value>.+)"))
def _(language: Language, text: str, value: str) -> None:
    found = language.worth(text)
    assert same(found, value), found


@then(words(rf"{SENTENCE} is accepted"))
def _(language: Language, text: str) -> None:
    result = language.check(sentence_file(text, language.row))
    assert [finding.code for finding in errors(result)] == []
    assert len(result.program.policies) == 1


@then(words(rf"{SENTENCE} is refused as (?P<code>[a-z-]+)(?: at `(?P<where>.+)`)?"))
def _(language: Language, text: str, code: str, where: str | None) -> None:
    result = language.check(sentence_file(text, language.row))
    assert [finding.code for finding in errors(result)] == [code], [f.message for f in errors(result)]
    assert where is None or spot(result, errors(result)[0]) == where
    assert not result.program.policies


# --- what a file says


@given("the file")
@when("the file is")
def _(language: Language, docstring: str) -> None:
    language.file = docstring + "\n"


@given(words(rf"{SENTENCE} in it is `(?P<other>.+)`"))
def _(language: Language, text: str, other: str) -> None:
    assert language.file is not None
    assert language.file.count(text) >= 1
    head, _, tail = language.file.rpartition(text)
    language.file = head + other.replace("\\n", "\n") + tail


@given(words(r"a policy with(?P<irrevocable> all that an exit needs and)?"))
def _(language: Language, docstring: str, irrevocable: str | None) -> None:
    language.file = policy(more=(IRREVOCABLE if irrevocable else "") + docstring + "\n")


@given(words(r"a policy that does `(?P<action>.+)`(?P<irrevocable> with all that an exit needs)?"))
def _(language: Language, action: str, irrevocable: str | None) -> None:
    language.file = policy(then=action, more=IRREVOCABLE if irrevocable else "")


@given(words(r"a policy that does `(?P<action>.+)` and says"))
def _(language: Language, action: str, docstring: str) -> None:
    language.file = policy(then=action, more=docstring + "\n")


@given("a policy when")
def _(language: Language, docstring: str) -> None:
    block = "\n".join(f"  {line}" for line in docstring.splitlines())
    language.file = policy(f"\n{block}")


@then("it is accepted")
def _(language: Language) -> None:
    result = language.check()
    assert [(finding.code, finding.message) for finding in errors(result)] == []
    assert len(result.program.policies) == 1


@then(words(r"it would (?P<said>.+)"))
def _(language: Language, said: str) -> None:
    (call,) = language.check().require().policies[0].then
    assert call.words == said


@then(words(r"in a rule about one (?P<row>\w+) `(?P<action>.+)` is (?P<verdict>[a-z-]+)"))
def _(language: Language, row: str, action: str, verdict: str) -> None:
    assert language.action_codes(row, action) == ([] if verdict == "allowed" else [verdict])


@then(words(r"the policies are (?P<names>.+)"))
def _(language: Language, names: str) -> None:
    result = language.check()
    assert [(finding.code, finding.message) for finding in errors(result)] == []
    assert [policy.name for policy in result.program.policies] == names.split(", ")


@then(words(r"of (?P<name>\S+) `when` is (?P<answer>true|false|unknown) with (?P<fact>\w+) (?P<value>.+)"))
def _(language: Language, name: str, answer: str, fact: str, value: str) -> None:
    language.give(fact, value)
    assert language.condition(name) == answer


@then(words(r"it is refused as (?P<code>[a-z-]+)(?: at `(?P<where>.+)`)?(?: in line (?P<line>\d+))?"))
def _(language: Language, code: str, where: str | None, line: str | None) -> None:
    result = language.check()
    found = errors(result)
    assert [finding.code for finding in found] == [code], [finding.message for finding in found]
    assert where is None or spot(result, found[0]) == where
    assert line is None or found[0].place.line == int(line)
    assert result.has_errors
    assert len(render_finding(found[0], result.texts.get(found[0].place.file)).splitlines()) <= 6


@then("it is refused for")
def _(language: Language, datatable: Table) -> None:
    result = language.check()
    assert [[finding.code, spot(result, finding)] for finding in errors(result)] == datatable


@then(words(r"the hint says `(?P<text>.+)`"))
def _(language: Language, text: str) -> None:
    assert text in (errors(language.check())[0].hint or "")


@then(words(r"there is a warning (?P<code>[a-z-]+)(?: at `(?P<where>.+)`)?"))
def _(language: Language, code: str, where: str | None) -> None:
    result = language.check()
    found = warnings(result)
    assert [finding.code for finding in found] == [code]
    assert where is None or spot(result, found[0]) == where


@then("there is no warning")
def _(language: Language) -> None:
    assert [finding.code for finding in warnings(language.check())] == []


# --- what a rule says of a reading


@when("the rule is read with", target_fixture="reading")
def _(language: Language, docstring: str) -> Reading:
    return Reading(language.file or policy(), language.values, docstring)


@given(words(r"a rule that says `(?P<text>.*)` because `(?P<when>.+)`"))
def _(language: Language, text: str, when: str) -> None:
    file = policy(f"'{when}'", then="block_entries", more="confirm: at once\n")
    language.file = file.replace("because: for a test", f'because: "{text}"')


@then(words(r"the verdict is (?P<verdict>\w+)"))
def _(reading: Reading, verdict: str) -> None:
    assert reading.verdict == verdict


@then(words(r"the reason reads `(?P<text>.*)`"))
def _(reading: Reading, text: str) -> None:
    assert reading.because == text


# --- blocks


@given("the rule's blocks stand over")
def _(language: Language, datatable: Table) -> None:
    for name, value in zip(*datatable, strict=True):
        language.give(name, value)


@then(words(r"the block (?P<kind>all|any|none) is (?P<answer>true|false|unknown)"))
def _(language: Language, kind: str, answer: str) -> None:
    assert language.block_answer(kind, tuple(language.world.facts)) == answer
