"""How a finding is shown: never more than six lines, the caret under the right characters, nothing a terminal obeys."""

import pytest

from engine.policy.findings import Finding, Level, Place, Report, render_finding, suggestion
from tests.policy.toy import codes, loaded, policy


def shown(place: Place, source: str | None, message: str = "wrong", hint: str | None = None) -> list[str]:
    return render_finding(Finding("some-code", Level.ERROR, place, message, hint), source).splitlines()


def under_caret(lines: list[str]) -> str:
    """The characters of the shown line that stand over the caret."""
    start, end = lines[2].index("^"), lines[2].rindex("^") + 1
    return lines[1][start:end]


def test_a_golden_rendering() -> None:
    result = loaded(policy("{all: [mtn <= -5k, stop_loss_hit]}"))
    assert render_finding(result.findings[0], result.texts["rule.yaml"]) == (
        "rule.yaml:5:14  unknown fact 'mtn'; did you mean 'mtm'?\n"
        "     5 | when: {all: [mtn <= -5k, stop_loss_hit]}\n"
        "       |              ^^^  [unknown-fact]"
    )


def test_a_golden_warning() -> None:
    result = loaded(policy(more="let: {idle: 5k}\n"))
    assert render_finding(result.findings[0], result.texts["rule.yaml"]) == (
        "rule.yaml:9:7  'idle' is never used; take it out, or use it\n"
        "     9 | let: {idle: 5k}\n"
        "       |       ^^^^  warning [unused-value]"
    )


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("when: mtn >= 5k", "mtn"),
        ("when: 'mtn >= 5k'", "mtn"),
        ('when: "mtn >= 5k"', "mtn"),
        ('when: "   mtn >= 5k"', "mtn"),
        ("when: any(p.symbol == 'é₹नि' for p in positions) and mtn >= 5k", "mtn"),
        ("when: 'any(p.symbol == ''é'' for p in positions) and mtn >= 5k'", "mtn"),
        ('when: "any(p.symbol == \\"A\\" for p in positions) and mtn >= 5k"', "mtn"),
        ("when: {any: [stop_file, 'loss >= loss_limit', mtn >= 5k]}", "mtn"),
        ("when: loss   >=   loss_limit   and   mtn >= 5k", "mtn"),
        ("when: loss >= loss_limit and mtn >= 5k   # remark", "mtn"),
        ("when: " + "stop_loss_hit or " * 20 + "mtn >= 5k", "mtn"),
        ("when: mtn >= 5k or " + "stop_loss_hit or " * 20 + "stop_file", "mtn"),
        ("when: 5% of capitl <= loss", "capitl"),
        ("when: loss >= 50k and open_positions > 2 lakh and drawdwn >= 1.5 crore", "drawdwn"),
    ],
)
def test_the_caret_stands_under_the_word(line: str, word: str) -> None:
    text = policy().replace("when: loss >= loss_limit", line)
    result = loaded(text)
    assert codes(result) == ["unknown-fact"]
    lines = render_finding(result.findings[0], text).splitlines()
    assert under_caret(lines) == word
    assert max(map(len, lines)) < 200


@pytest.mark.parametrize(
    "value",
    [
        '"any(p.symbol == \\u0041 for p in positions) and mtn >= 5k"',
        "|\n  loss >= loss_limit and\n  mtn >= 5k",
        ">\n  loss >= loss_limit and\n  mtn >= 5k",
        "loss >= loss_limit and\n  mtn >= 5k",
    ],
    ids=["escapes", "literal", "folded", "plain-over-lines"],
)
def test_where_columns_cannot_be_told_it_is_the_whole_text(value: str) -> None:
    text = policy().replace("when: loss >= loss_limit", f"when: {value}")
    result = loaded(text)
    assert len(codes(result)) == 1
    place = result.findings[0].place
    assert (place.line, place.column) == (5, 7)
    assert len(render_finding(result.findings[0], text).splitlines()) == 3


@pytest.mark.parametrize("line", [0, 4, 99])
def test_a_place_beyond_the_file_shows_no_line(line: int) -> None:
    assert shown(Place("a.yaml", line, 5), "one\ntwo\nthree\n") == [f"a.yaml:{line}:5  wrong", "        [some-code]"]


def test_a_file_that_could_not_be_read_shows_no_line() -> None:
    assert shown(Place("a.yaml"), None) == ["a.yaml:1:1  wrong", "        [some-code]"]


def test_a_caret_never_runs_past_its_line() -> None:
    lines = shown(Place("a.yaml", 1, 3, 500), "abcdef\n")
    assert under_caret(lines) == "cdef"
    assert under_caret(shown(Place("a.yaml", 1, 6, 1), "abcdef\n")) == "f"


def test_a_place_behind_the_end_of_its_line_is_shown() -> None:
    assert shown(Place("a.yaml", 1, 9), "abcdef\n")[2].endswith("^  [some-code]")


def test_a_long_line_is_shown_round_the_place() -> None:
    lines = shown(Place("a.yaml", 1, 5001, 4), "x" * 5000 + "HERE" + "y" * 5000)
    assert under_caret(lines) == "HERE"
    assert len(lines[1]) < 130


@pytest.mark.parametrize("message", ["a\nb\n\n\n\n\n\nc", "a\r\nb", "a\x1b[2Jb", "a\u202eb", "a\u2028b", "a\tb"])
def test_nothing_in_a_message_breaks_the_lines_or_commands_a_terminal(message: str) -> None:
    lines = shown(Place("a.yaml\n", 1, 1), "text \x1b[31m \u202e\n", message, message)
    assert len(lines) == 3
    assert all(line.isprintable() for line in lines)


def test_a_message_has_an_end() -> None:
    assert len(shown(Place("a.yaml"), "a", "x" * 100_000)[0]) < 500


def test_a_tab_takes_one_place_so_the_caret_stays_true() -> None:
    assert under_caret(shown(Place("a.yaml", 1, 4, 2), "a\t\tbc\n")) == "bc"


def test_a_report_holds_each_finding_once_and_gives_them_in_file_order() -> None:
    report = Report()
    for line in (3, 1, 2, 1):
        report.error("code", Place("b.yaml", line), "message")
    report.warning("code", Place("a.yaml", 9), "message")
    found = report.sorted()
    assert [(one.place.file, one.place.line) for one in found] == [
        ("a.yaml", 9),
        ("b.yaml", 1),
        ("b.yaml", 2),
        ("b.yaml", 3),
    ]
    assert report.error_count == 3
    assert report.errors_in("b.yaml")
    assert not report.errors_in("a.yaml")


def test_the_machine_form() -> None:
    finding = Finding("code", Level.WARNING, Place("a.yaml", 2, 3, 4, "/when"), "message", "hint")
    assert finding.as_json() == {
        "code": "code", "severity": "warning", "file": "a.yaml", "line": 2, "column": 3, "message": "message",
        "hint": "hint", "path": "/when",
    }  # fmt: skip


@pytest.mark.parametrize(("word", "wanted"), [("mtn", "did you mean 'mtm'?"), ("qqqqqq", None), ("", None)])
def test_a_suggestion(word: str, wanted: str | None) -> None:
    assert suggestion(word, ("mtm", "loss")) == wanted
