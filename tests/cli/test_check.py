"""`rekha check`: exit codes, the JSON others script against, positions in characters, and files that are no policy."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.runtime.resources import resource_dir
from tests.cli.bodies import kite_leg, kite_positions, kotak, kotak_leg
from tests.cli.conftest import Cli, Write
from tests.cli.files import VALUES, policy, snapshot

KEYS = ["code", "severity", "file", "line", "column", "message", "hint", "path"]
WARNED = policy("warned", "all(p.is_short for p in positions)")


def codes(found: list[dict[str, object]]) -> list[object]:
    return [finding["code"] for finding in found]


# -- exit codes ------------------------------------------------------------------------------------------------------


def test_the_shipped_policies_are_clean(cli: Cli) -> None:
    ran = cli("check", str(resource_dir("policies")), "--format", "json", "--strict")
    assert (ran.code, ran.json, ran.err) == (0, [], "")


@pytest.mark.parametrize(
    ("content", "arguments", "code"),
    [
        pytest.param(policy(), [], 0, id="clean"),
        pytest.param(policy(), ["--strict"], 0, id="clean-and-strict"),
        pytest.param(WARNED, [], 0, id="a-warning"),
        pytest.param(WARNED, ["--strict"], 1, id="a-warning-and-strict"),
        pytest.param(policy(when="mtn >= 10k"), [], 1, id="an-error"),
        pytest.param(policy(when="mtn >= 10k"), ["--strict"], 1, id="an-error-and-strict"),
    ],
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_exit_codes(cli: Cli, write: Write, content: str, arguments: list[str], code: int, form: str) -> None:
    assert cli("check", write("p/one.yaml", content), "--format", form, *arguments).code == code


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="no-path"),
        pytest.param(["nowhere"], id="no-such-path"),
        pytest.param([""], id="an-empty-path"),
        pytest.param(["nowhere.yaml", "one.yaml"], id="one-of-two"),
        pytest.param(["empty"], id="an-empty-folder"),
        pytest.param(["one.yaml", "--format", "xml"], id="no-such-form"),
        pytest.param(["one.yaml", "--unheard-of"], id="no-such-option"),
    ],
)
def test_misuse(cli: Cli, write: Write, tmp_path: Path, arguments: list[str]) -> None:
    write("one.yaml", policy())
    (tmp_path / "empty").mkdir()
    ran = cli("check", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("rekha")


# -- the JSON --------------------------------------------------------------------------------------------------------


def test_a_finding_has_the_promised_keys_and_types(cli: Cli, write: Write) -> None:
    ran = cli("check", write("one.yaml", policy(when="mtn >= 10k")), "--format", "json")
    assert ran.json == [
        {
            "code": "unknown-fact",
            "severity": "error",
            "file": "one.yaml",
            "line": 6,
            "column": 7,
            "message": "unknown fact 'mtn'",
            "hint": "did you mean 'mtm'?",
            "path": "/when",
        }
    ]
    assert list(ran.json[0]) == KEYS


def test_everything_at_once_in_file_order(cli: Cli, write: Write) -> None:
    write("p/b.yaml", policy("b", "mtn >= 10k", severity="urgent", tags="[x]", ownr="me"))
    write("p/a/z.yaml", "[1, 2")
    write("p/c.yaml", policy("b", "\n  any:\n    - rejectionz > 3\n    - stop_los_hit"))
    write("p/d.yml", b"\xff\xfe")
    found = cli("check", "p", "--format", "json").json
    places = [(finding["file"], finding["line"], finding["column"]) for finding in found]
    assert places == sorted(places)
    assert {finding["file"] for finding in found} == {"p/a/z.yaml", "p/b.yaml", "p/c.yaml", "p/d.yml"}
    assert {"unknown-fact", "not-a-choice", "unknown-key", "yaml-syntax", "duplicate-policy", "not-utf8"} <= set(
        codes(found)
    )
    assert codes(found).count("unknown-fact") == 3
    for finding in found:
        assert list(finding) == KEYS
        assert finding["severity"] in ("error", "warning", "info")
        assert finding["line"] >= 1
        assert finding["column"] >= 1
        assert finding["hint"] is None or finding["hint"]
        assert finding["path"] == "" or finding["path"].startswith("/")


def test_the_same_twice_byte_for_byte(cli: Cli, write: Write) -> None:
    write("p/b.yaml", policy("b", "mtn >= 10k"))
    write("p/a.yaml", policy("a"))
    for form in ("text", "json"):
        first, second = (cli("check", "p", "--format", form) for _ in range(2))
        assert first == second


@pytest.mark.parametrize(
    ("line", "column"),
    [
        pytest.param('"Loss {mtn}"', 17, id="ascii"),
        pytest.param('"Verlust über ₹ {mtn}"', 27, id="two-and-three-bytes"),
        pytest.param('"🔥🔥 {mtn}"', 15, id="four-bytes"),
        pytest.param("'नुकसान {mtn}'", 19, id="combining"),
    ],
)
def test_columns_count_characters(cli: Cli, write: Write, line: str, column: int) -> None:
    text = policy().replace('"Loss {loss}"', line)
    (found,) = cli("check", write("one.yaml", text), "--format", "json").json
    assert text.splitlines()[found["line"] - 1][found["column"] - 1 :].startswith("mtn")
    assert found["column"] == column


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: b"\xef\xbb\xbf" + text.encode(), id="byte-order-mark"),
        pytest.param(lambda text: text.replace("\n", "\r\n").encode(), id="windows-lines"),
        pytest.param(lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(), id="both"),
        pytest.param(lambda text: b"---\n" + text.encode(), id="document-start"),
    ],
)
def test_how_editors_save(cli: Cli, write: Write, change: object) -> None:
    assert callable(change)
    good = cli("check", write("good.yaml", change(policy())), "--format", "json")
    assert (good.code, good.json) == (0, [])
    shift = 1 if change("x").startswith(b"---") else 0
    (found,) = cli("check", write("bad.yaml", change(policy(when="mtn >= 10k"))), "--format", "json").json
    assert (found["line"], found["column"]) == (6 + shift, 7)


# -- the text --------------------------------------------------------------------------------------------------------


def test_the_line_the_caret_and_the_code(cli: Cli, write: Write) -> None:
    ran = cli("check", write("one.yaml", policy(when="mtn >= 10k")))
    assert ran.out.splitlines()[:3] == [
        "one.yaml:6:7  unknown fact 'mtn'; did you mean 'mtm'?",
        "     6 | when: mtn >= 10k",
        "       |       ^^^  [unknown-fact]",
    ]
    assert ran.out.splitlines()[-1] == "1 file, 0 sound policies: 1 error"


def test_a_tab_and_an_escape_do_not_reach_the_terminal(cli: Cli, write: Write) -> None:
    ran = cli("check", write("one.yaml", policy(when="mtn >= 10k # \t ₹").replace("title: A rule", 'title: "\x1b[2J"')))
    assert "\x1b" not in ran.out
    assert "\t" not in ran.out
    assert ran.code == 1


def test_what_a_sound_policy_costs(cli: Cli, write: Write) -> None:
    ran = cli("check", write("one.yaml", policy(when="any(p.loss >= 5k for p in positions) and orders_today > 3")))
    assert "ok  watch" in ran.out
    assert "reads orders, positions, prices; 1 pass over rows" in ran.out


# -- which files -----------------------------------------------------------------------------------------------------


def test_one_file_under_two_names_is_one_policy(cli: Cli, write: Write, tmp_path: Path) -> None:
    write("p/one.yaml", policy())
    (tmp_path / "p" / "link.yaml").symlink_to("one.yaml")
    assert cli("check", "p", "./p/one.yaml", str(tmp_path / "p" / "one.yaml"), "--format", "json").json == []


def test_hidden_files_and_the_desk_file_are_no_policies(cli: Cli, write: Write) -> None:
    write("p/one.yaml", policy())
    write("p/.draft.yaml", "nonsense")
    write("p/.git/config.yaml", "nonsense")
    write("p/notes.txt", "nonsense")
    assert cli("check", "p", "--format", "json").json == []


def test_values_beside_a_named_policy_are_read(cli: Cli, write: Write) -> None:
    write("p/values.yaml", VALUES)
    assert cli("check", write("p/one.yaml", policy(when="loss >= loss_limit"))).code == 0


def test_a_second_values_file_is_one_finding(cli: Cli, write: Write) -> None:
    write("p/one.yaml", policy(when="loss >= loss_limit and drawdown >= other"))
    write("p/values.yaml", "loss_limit: 10k\nfloor: 20k\nthird: 1k\n")
    write("p/a/values.yaml", "loss_limit: 11k\nfloor: 20k\nother: 3k\n")
    found = cli("check", "p", "--format", "json").json
    assert [(one["code"], one["file"], one["line"]) for one in found] == [("shadowed-value", "p/a/values.yaml", 1)]
    assert "'loss_limit' and 1 more" in found[0]["message"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        pytest.param("s.yaml", snapshot(), "looks like a snapshot", id="snapshot"),
        pytest.param("v.yaml", "loss_limit: 10k\nfloor: 20k\n", "looks like desk values", id="values"),
        pytest.param("d.yaml", "accounts:\n  A1: {broker: kite}\n", "looks like a desk file", id="desk"),
        pytest.param(
            "c.yaml",
            "exchange: NSE\nyear: 2026\nholidays: {2026-01-26: Republic Day}\n",
            "an exchange calendar",
            id="calendar",
        ),
        pytest.param("k.json", kite_positions(kite_leg()), "a broker's answer", id="kite"),
        pytest.param("n.json", kotak([kotak_leg()]), "a broker's answer", id="kotak"),
        pytest.param("x.yaml", "services:\n  web: {image: nginx}\n", "something else", id="anything"),
    ],
)
def test_what_is_clearly_no_policy_is_one_finding(cli: Cli, write: Write, name: str, content: str, told: str) -> None:
    ran = cli("check", write(name, content), "--format", "json")
    assert ran.code == 1
    assert codes(ran.json) == ["not-a-policy"]
    assert told in ran.json[0]["message"]


def test_a_policy_with_its_name_misspelt_is_still_a_policy(cli: Cli, write: Write) -> None:
    found = cli("check", write("one.yaml", policy().replace("policy:", "polciy:")), "--format", "json").json
    assert codes(found) == ["unknown-key"]


def test_the_calendar_beside_a_policy_is_read_with_it(cli: Cli, write: Write) -> None:
    write("p/calendar.yaml", "years: [2026]\nevents: {budget: [2026-02-01 11:00]}\n")
    one = write("p/one.yaml", policy(when="loss >= 5k and event_day('budget')"))
    assert codes(cli("check", one, "--format", "json").json) == []
    write("p/calendar.yaml", "budget: 2026-02-01\n")
    assert set(codes(cli("check", one, "--format", "json").json)) == {"missing-key", "unknown-key"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"", "empty-file", id="empty"),
        pytest.param(b"\n\n# only a comment\n", "empty-file", id="only-a-comment"),
        pytest.param(b"- a\n- b\n", "wrong-shape", id="a-list"),
        pytest.param(b"just text", "wrong-shape", id="text"),
        pytest.param(b"<html><body>502</body></html>", "wrong-shape", id="html"),
        pytest.param(b"\x00\x01\x02", "yaml-syntax", id="binary"),
        pytest.param(b"\xff\xfe\x00", "not-utf8", id="not-utf8"),
        pytest.param(b"a: [1, 2", "yaml-syntax", id="cut-short"),
        pytest.param(b"policy: a\n\ttitle: b", "yaml-syntax", id="tab"),
        pytest.param(b"a: " + b"[" * 5000, "too-deep", id="bottomless"),
        pytest.param(b"x" * 300_000, "file-too-large", id="huge"),
        pytest.param(b"x" * 3_000_000, "file-too-large", id="enormous"),
        pytest.param(b"a: &a [x]\nb: " + b"*a " * 1, "not-a-policy", id="alias"),
        pytest.param(b"policy: a\n---\npolicy: b\n", "several-documents", id="two-documents"),
    ],
)
def test_a_file_that_means_nothing_is_a_finding(cli: Cli, write: Write, content: bytes, code: str) -> None:
    write("p/good.yaml", policy())
    write("p/bad.yaml", content)
    ran = cli("check", "p", "--format", "json")
    assert ran.code == 1
    assert code in codes(ran.json)
    assert {finding["file"] for finding in ran.json} == {"p/bad.yaml"}
    assert "ok  watch" in cli("check", "p").out


def test_a_link_that_leads_nowhere_is_a_finding_in_a_folder_and_misuse_by_name(
    cli: Cli, write: Write, tmp_path: Path
) -> None:
    write("p/good.yaml", policy())
    (tmp_path / "p" / "bad.yaml").symlink_to("gone.yaml")
    ran = cli("check", "p", "--format", "json")
    assert (ran.code, codes(ran.json)) == (1, ["unreadable-file"])
    assert cli("check", "p/bad.yaml").code == 2


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="this user may read everything")
def test_a_file_that_may_not_be_read_is_a_finding(cli: Cli, write: Write, tmp_path: Path) -> None:
    write("p/good.yaml", policy())
    (tmp_path / write("p/bad.yaml", policy("b"))).chmod(0)
    ran = cli("check", "p", "--format", "json")
    assert (ran.code, codes(ran.json)) == (1, ["unreadable-file"])


# -- the installed command -------------------------------------------------------------------------------------------


def test_the_installed_command(write: Write, tmp_path: Path) -> None:
    write("p/one.yaml", policy(when="mtn >= 10k", title="Verlust über ₹"))
    command = [str(Path(sys.executable).with_name("rekha")), "check", "p", "--format", "json"]
    plain = {"LC_ALL": "C", "PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "0"}
    result = subprocess.run(command, cwd=tmp_path, env=plain, capture_output=True, timeout=60, check=False)
    assert result.returncode == 1
    assert result.stderr == b""
    assert json.loads(result.stdout)[0]["code"] == "unknown-fact"
