"""No sentence, however it is built, does anything but end in one problem with a place inside it."""

import time

import pytest

from engine.policy.expression import parse_condition
from engine.policy.sentence import SentenceError, flatten
from tests.hostile.cases import BOMBS, ESCAPES, ODD_CHARACTERS
from tests.policy.toy import codes, loaded, policy, scope

SCOPE = scope()
CODES = {
    "not-in-the-language", "not-a-sentence", "not-a-condition", "unknown-fact", "unknown-field", "unknown-function",
    "unknown-rows", "unknown-word", "wrong-arguments", "type-mismatch", "bad-literal", "bad-name", "sentence-too-long",
    "sentence-too-deep", "thousands-separator",
}  # fmt: skip


def code_of(text: str) -> str:
    try:
        parse_condition(text, SCOPE)
    except SentenceError as error:
        return error.problem.code
    return "read"


def problem(text: str) -> SentenceError:
    with pytest.raises(SentenceError) as caught:
        parse_condition(text, SCOPE)
    return caught.value


@pytest.mark.parametrize("text", ESCAPES.values(), ids=ESCAPES.keys())
def test_an_escape_is_refused(text: str) -> None:
    found = problem(text).problem
    assert found.code in CODES
    assert 0 <= found.at[0] <= len(flatten(text))
    assert found.at[1] >= 1


@pytest.mark.parametrize("text", ODD_CHARACTERS.values(), ids=ODD_CHARACTERS.keys())
def test_an_odd_character_is_refused_where_it_stands(text: str) -> None:
    found = problem(text).problem
    assert found.code == "not-in-the-language"
    odd = next(index for index, character in enumerate(flatten(text)) if not character.isascii())
    assert found.at == (odd, 1)
    # What cannot be seen is named by its number.
    assert flatten(text)[odd].isprintable() or f"U+{ord(flatten(text)[odd]):04X}" in found.message


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_goes_off_nowhere(text: str) -> None:
    start = time.process_time()
    assert code_of(text) in CODES | {"read"}
    assert time.process_time() - start < 10


@pytest.mark.parametrize("name", ["ands", "long-text"])
def test_what_is_only_long_is_read(name: str) -> None:
    assert parse_condition(BOMBS[name], SCOPE)


@pytest.mark.parametrize("text", ESCAPES.values(), ids=ESCAPES.keys())
def test_an_escape_in_a_file_is_one_finding_in_its_line(text: str) -> None:
    quoted = "'" + text.replace("'", "''") + "'"
    result = loaded(policy(quoted))
    assert len(codes(result)) == 1
    finding = next(finding for finding in result.findings if finding.level.value == "error")
    assert finding.place.line == 5
    assert 6 < finding.place.column <= 6 + len(quoted) + 1
    assert not result.program.policies


@pytest.mark.parametrize("text", [ESCAPES["dunder-walk"], ESCAPES["format-method"], ESCAPES["power-tower"]])
@pytest.mark.parametrize("key", ["because", "let", "where", "clear_when", "square_off", "at_once_beyond"])
def test_an_escape_is_refused_wherever_expressions_stand(text: str, key: str) -> None:
    quoted = "'" + text.replace("'", "''") + "'"
    plain = policy()
    held = {
        "because": plain.replace(
            "because: for a test", f"because: {quoted.replace(text[:1], '{' + text[:1], 1)[:-1]}}}'"
        ),
        "let": plain + f"let: {{a: {quoted}}}\n",
        "where": plain + f"for_each: position\nwhere: {quoted}\n",
        "clear_when": plain + f"clear_when: {quoted}\n",
        "square_off": policy(
            then=f"square_off: {{where: {quoted}}}",
            more="confirm: at once\non_unknown: wait\nonce: per account per day\n",
        ),
        "at_once_beyond": plain + f"confirm: {{at_once_beyond: {quoted}}}\n",
    }[key]
    result = loaded(held)
    assert len(codes(result)) == 1, codes(result)
    assert not result.program.policies
