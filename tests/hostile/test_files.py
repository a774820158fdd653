"""No file, however it is built, does anything but end in findings with places; in little time and little memory."""

import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.policy.findings import render_finding
from engine.policy.load import Loaded
from tests.policy.toy import codes, loaded, policy

ROOT = Path(__file__).parents[2]
PLAIN = policy()
LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)
DEEP = "".join(f"{'  ' * n}k:\n" for n in range(200))

REFUSED: dict[str, tuple[str | bytes, str]] = {
    "billion-laughs": (LAUGHS, "too-many-nodes"),
    "many-aliases": ("a: &a x\nb: [" + ", ".join(["*a"] * 60) + "]\n", "too-many-aliases"),
    "wide-alias": ("a: &a [" + "x, " * 900 + "x]\nb: [" + ", ".join(["*a"] * 40) + "]\n", "too-many-nodes"),
    "alias-of-itself": ("a: &a [*a]\n", "unknown-anchor"),
    "alias-without-anchor": ("a: *b\n", "unknown-anchor"),
    "brackets": (b"[" * 100_000, "too-deep"),
    "braces": (b"{a: " * 50_000, "too-deep"),
    "dashes": (b"- " * 100_000, "too-deep"),
    "deep-mapping": (DEEP, "too-deep"),
    "ten-megabytes": (b"a: " + b"x" * 10_000_000, "file-too-large"),
    "many-keys": ("".join(f"k{n}: 1\n" for n in range(15_000)), "too-many-nodes"),
    "many-documents": ("---\na: 1\n" * 1000, "several-documents"),
    "python-object": ("policy: !!python/object/apply:os.system [id]\n", "yaml-tag"),
    "python-name": ("policy: !!python/name:os.system\n", "yaml-tag"),
    "python-tuple": ("policy: !!python/tuple [1, 2]\n", "yaml-tag"),
    "binary-tag": ("policy: !!binary aGVsbG8=\n", "yaml-tag"),
    "local-tag": ("policy: !x y\n", "yaml-tag"),
    "bare-tag": ("policy: ! y\n", "yaml-tag"),
    "tag-on-root": ("!!map {policy: a}\n", "yaml-tag"),
    "unknown-tag-handle": ("policy: !e!x y\n", "yaml-syntax"),
    "merge-key": ("<<: {policy: a}\n", "merge-key"),
    "mapping-as-key": ("? {a: b}\n: c\n", "key-not-text"),
    "list-as-key": ("? [a]\n: c\n", "key-not-text"),
    "nul": (b"policy: a\0b\n", "yaml-syntax"),
    "escape-character": (b"policy: a\x1b[2Jb\n", "yaml-syntax"),
    "latin-1": ("policy: caf\xe9\n".encode("latin-1"), "not-utf8"),
    "utf-16": (PLAIN.encode("utf-16"), "not-utf8"),
    "overlong-utf-8": (b"policy: \xc0\xaf\n", "not-utf8"),
    "lone-surrogate": (b"policy: \xed\xa0\x80\n", "not-utf8"),
    "tab-indent": ("when:\n\tall: [mtm > 1]\n", "yaml-syntax"),
    "percent-scalar": ("when: %mtm\n", "yaml-syntax"),
    "at-scalar": ("when: @mtm\n", "yaml-syntax"),
    "unclosed-quote": ("title: 'never closed\n", "yaml-syntax"),
    "unclosed-bracket": ("accounts: [a, b\n", "yaml-syntax"),
    "bad-escape": ('title: "\\q"\n', "yaml-syntax"),
    "bad-directive": ("%YAML 9.9\n---\npolicy: a\n", "yaml-syntax"),
    "colon-in-text": ("title: a: b\n", "yaml-syntax"),
    "empty": ("", "empty-file"),
    "only-remarks": ("# nothing\n", "empty-file"),
    "only-a-word": ("nothing", "wrong-shape"),
    "only-a-list": ("- a\n- b\n", "wrong-shape"),
    "duplicate-key": ("policy: a\npolicy: b\n", "duplicate-key"),
}

READ = {
    "byte-order-mark": b"\xef\xbb\xbf" + PLAIN.encode(),
    "carriage-returns": PLAIN.replace("\n", "\r\n").encode(),
    "document-mark": b"---\n" + PLAIN.encode() + b"...\n",
    "quoted-keys": PLAIN.replace("policy:", '"policy":').encode(),
    "block-text": PLAIN.replace("when: loss >= loss_limit", "when: |\n  loss >=\n    loss_limit\n").encode(),
    "folded-text": PLAIN.replace("when: loss >= loss_limit", "when: >-\n  loss >=\n  loss_limit\n").encode(),
    "alias": PLAIN.replace("title: a rule", "title: &t a rule").encode() + b"description: *t\n",
    "trailing-spaces": PLAIN.replace("\n", "   \n").encode(),
    "no-last-line-end": PLAIN.rstrip("\n").encode(),
}


def sound(result: Loaded) -> None:
    """Every finding can be shown, in at most six lines, and stands in the file."""
    for finding in result.findings:
        text = result.texts.get(finding.place.file)
        shown = render_finding(finding, text)
        assert len(shown.splitlines()) <= 6
        assert shown.isprintable() or set(shown) - {"\n"} == {c for c in shown if c.isprintable()}
        lines = (text or "").splitlines() or [""]
        assert 1 <= finding.place.line <= len(lines) + 1
        assert finding.place.column >= 1


@pytest.mark.parametrize(("data", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_a_file_is_refused_with_a_place(data: str | bytes, code: str) -> None:
    start = time.process_time()
    result = loaded(data)
    assert code in codes(result)
    assert not result.program.policies
    sound(result)
    assert time.process_time() - start < 20


@pytest.mark.parametrize("data", READ.values(), ids=READ.keys())
def test_an_odd_file_that_is_sound_is_read(data: bytes) -> None:
    result = loaded(data)
    assert codes(result) == []
    assert [policy.name for policy in result.program.policies] == ["a-rule"]


# Scalars YAML would guess at: the text is what counts.
@pytest.mark.parametrize(
    "word",
    ["yes", "no", "on", "off", "true", "null", "~", "0x1F", "1e3", "15:20", "00123", ".inf", "12E4567", "2026-11-23"],
)
def test_yaml_guesses_at_nothing(word: str) -> None:
    result = loaded(PLAIN.replace("title: a rule", f"title: {word}"))
    assert [policy.title for policy in result.program.policies] == [word]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("cooldown", "9" * 29 + "h"),
        ("cooldown", "9" * 60 + "s"),
        ("max_age", "9" * 25 + "h"),
        ("confirm", "{at_least: " + "9" * 25 + "h}"),
        ("on_unknown", "{alert: after " + "9" * 25 + "h}"),
        ("let", "{a: " + "9" * 40 + "}"),
        ("once", "per " + "x" * 10_000),
        ("was", "x" * 10_000),
        ("tags", "[" + "a, " * 5_000 + "a]"),
        ("k" * 100_000, "1"),
        ("'a\\nb'", "1"),
        ('"a\\n\\n\\n\\n\\n\\n\\nb\\e[2J"', "1"),
        ("~", "1"),
        ("''", "1"),
    ],
)
def test_an_absurd_key_or_value_is_a_finding(key: str, value: str) -> None:
    result = loaded(PLAIN + f"{key}: {value}\n")
    assert result.findings or key == "tags"
    sound(result)


def test_a_typo_in_every_key_of_a_large_file_is_told_in_bounded_time() -> None:
    start = time.process_time()
    result = loaded("policy: a\n" + "".join(f"severty{n}: warning\n" for n in range(6_000)))
    assert len(codes(result)) >= 6_000
    assert time.process_time() - start < 20


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (600 * 2**20, 600 * 2**20))
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
from tests.hostile.test_files import REFUSED
from tests.policy.toy import codes, loaded
data, code = REFUSED[sys.argv[1]]
assert code in codes(loaded(data))
"""


@pytest.mark.parametrize("name", ["billion-laughs", "brackets", "braces", "dashes", "ten-megabytes", "many-keys"])
def test_a_bomb_fits_into_little_time_and_memory(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, name], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_limits_of_that_test_bite() -> None:
    code = LIMITED.split("from tests")[0] + "x = bytearray(700 * 2**20)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert done.returncode != 0
    assert resource.RLIMIT_AS
