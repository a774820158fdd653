"""YAML read as text: every spelling kept, every place true, limits exact."""

import pytest

from engine.policy import yaml_text
from engine.policy.findings import Report
from engine.policy.yaml_text import MAX_ALIASES, MAX_BYTES, MAX_DEPTH, MAX_NODES, Mapping, Scalar, Sequence


def read(text: str) -> tuple[yaml_text.Node | None, list[str]]:
    report = Report()
    node = yaml_text.read(text, "a.yaml", report)
    return node, [finding.code for finding in report.sorted()]


def mapping(text: str) -> Mapping:
    node, found = read(text)
    assert found == []
    assert isinstance(node, Mapping)
    return node


@pytest.mark.parametrize(
    "text",
    ["15:20", "off", "00123", "12E4567", "1_000", "0x1F", "~", "null", "yes", "1e3", "2026-11-23", ".inf", "-5k"],
)
def test_a_spelling_is_kept(text: str) -> None:
    value = mapping(f"key: {text}\n").get("key")
    assert isinstance(value, Scalar)
    assert value.text == text


def test_places_count_characters_from_one() -> None:
    root = mapping("title: é₹\nwhen:\n  all:\n    - 'mtm > 1'\n    - stop\n")
    block = root.get("when")
    assert isinstance(block, Mapping)
    items = block.get("all")
    assert isinstance(items, Sequence)
    places = [(item.place.line, item.place.column, item.place.length, item.place.path) for item in items.items]
    assert places == [(4, 7, 9, "/when/all/0"), (5, 7, 4, "/when/all/1")]
    assert root.key_place("when").line == 2
    assert root.keys() == ("title", "when")


def test_a_path_escapes_what_a_pointer_must() -> None:
    value = mapping("a/b~c: 1\n").get("a/b~c")
    assert value is not None
    assert value.place.path == "/a~1b~0c"


def test_styles_and_flow_are_told() -> None:
    root = mapping("a: plain\nb: 'single'\nc: \"double\"\nd: |\n  block\ne: {f: g}\n")
    styles = [node.style for key in "abcd" if isinstance(node := root.get(key), Scalar)]
    assert styles == [None, "'", '"', "|"]
    inner = root.get("e")
    assert isinstance(inner, Mapping)
    assert inner.in_flow
    deepest = inner.get("f")
    assert isinstance(deepest, Scalar)
    assert deepest.in_flow


@pytest.mark.parametrize(("depth", "found"), [(MAX_DEPTH - 1, []), (MAX_DEPTH, ["too-deep"])])
def test_the_limit_of_depth(depth: int, found: list[str]) -> None:
    assert read("[" * depth + "x" + "]" * depth)[1] == found


@pytest.mark.parametrize(("count", "found"), [(MAX_NODES - 1, []), (MAX_NODES, ["too-many-nodes"])])
def test_the_limit_of_nodes(count: int, found: list[str]) -> None:
    assert read("- x\n" * count)[1] == found


@pytest.mark.parametrize(("count", "found"), [(MAX_ALIASES, []), (MAX_ALIASES + 1, ["too-many-aliases"])])
def test_the_limit_of_aliases(count: int, found: list[str]) -> None:
    assert read("- &a x\n" + "- *a\n" * count)[1] == found


@pytest.mark.parametrize(("size", "found"), [(MAX_BYTES, []), (MAX_BYTES + 1, ["file-too-large"])])
def test_the_limit_of_size(size: int, found: list[str]) -> None:
    report = Report()
    text = yaml_text.decode(b"x" * size, "a.yaml", report)
    assert (text is None) == bool(found)
    assert [finding.code for finding in report.sorted()] == found


def test_an_alias_counts_with_all_it_stands_for() -> None:
    wide = "a: &a [" + ", ".join(["x"] * 600) + "]\n"
    assert read(wide + "b: [" + ", ".join(["*a"] * 30) + "]\n")[1] == []
    assert read(wide + "b: [" + ", ".join(["*a"] * 40) + "]\n")[1] == ["too-many-nodes"]


def test_what_is_not_utf_8_is_named_with_its_byte_and_place() -> None:
    report = Report()
    assert yaml_text.decode(b"title: a\nwhen: caf\xe9\n", "a.yaml", report) is None
    (finding,) = report.sorted()
    assert (finding.place.line, finding.place.column) == (2, 10)
    assert "0xE9" in finding.message


def test_a_byte_order_mark_is_no_character() -> None:
    assert yaml_text.decode(b"\xef\xbb\xbfa: 1", "a.yaml", Report()) == "a: 1"


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: b: c\n", 1, 5),
        ("a: 1\n\tb: 2\n", 2, 1),
        ("a: 'open\n", 1, 4),
        ("a: [1, 2\n", 2, 1),
        ("a: %x\n", 1, 4),
        ("title: ok\nwhen: @x\n", 2, 7),
    ],
)
def test_a_syntax_error_has_a_place(text: str, line: int, column: int) -> None:
    report = Report()
    assert yaml_text.read(text, "a.yaml", report) is None
    (finding,) = report.sorted()
    assert (finding.code, finding.place.line, finding.place.column) == ("yaml-syntax", line, column)


def test_after_a_wrong_entry_the_rest_is_still_read() -> None:
    node, found = read("a: 1\na: 2\n<<: {b: 3}\n? [x]\n: y\nc: !tag z\nd: 4\n")
    assert isinstance(node, Mapping)
    assert sorted(found) == ["duplicate-key", "key-not-text", "merge-key", "yaml-tag"]
    assert node.keys() == ("a", "c", "d")
    first = node.get("a")
    assert isinstance(first, Scalar)
    assert first.text == "1"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("{a: 10,000}", 1),
        ("{a: 10,000 INR}", 1),
        ("{a: 1,00,000 INR, b: 2}", 1),
        ("{a: 1,00,000, b: 2,000}", 2),
        ("{a: -5,000}", 1),
        ("[10,000]", 1),
        ("[1,00,000]", 1),
        ("[10,000, 20,000]", 2),
        ("[a, 10,000 INR]", 1),
        ("{a: 10, b: 20}", 0),
        ("{a: 10, '000': }", 0),
        ("[10, 000]", 0),
        ("[10, 20]", 0),
        ("[A1, A2]", 0),
        ("a: 10,000", 0),
        ("- 10,000", 0),
        ("{a: '10,000'}", 0),
    ],
)
def test_a_number_cut_at_its_comma_is_one_finding(text: str, count: int) -> None:
    assert read(text)[1] == ["split-number"] * count


def test_an_empty_file_is_nothing_and_no_error() -> None:
    assert read("") == (None, [])
    assert read("# only a remark\n") == (None, [])


def test_a_tag_before_a_comparison_is_no_yaml_at_all_and_the_hint_names_the_cause() -> None:
    report = Report()
    assert yaml_text.read("when: !loss >= 5k\n", "a.yaml", report) is None
    assert "tag" in (report.sorted()[0].hint or "")
