"""`rekha check --format sarif` and `--format github`: forms other programs read, and nothing lost on the way."""

import re
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft202012Validator

from engine.cli.finding_codes import code_pages
from engine.cli.finding_formats import github, sarif
from engine.policy.findings import Finding, Level, Place
from engine.runtime.resources import resource_dir
from tests.cli.conftest import Cli, Write
from tests.cli.files import policy

TEXT = {"type": "object", "properties": {"text": {"type": "string", "minLength": 1}}, "required": ["text"]}
LEVELS = {"enum": ["none", "note", "warning", "error"]}


def closed(properties: dict[str, Any], *optional: str) -> dict[str, Any]:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


# The part of SARIF 2.1.0 that is used here, as the standard has it; names the standard does not know are refused.
REGION = closed({"startLine": {"minimum": 1}, "startColumn": {"minimum": 1}, "endColumn": {"minimum": 2}})
LOCATION = closed(
    {
        "physicalLocation": closed(
            {
                "artifactLocation": closed(
                    {"uri": {"type": "string", "pattern": r"^([a-z]+:)?[^ \\<>\"^`{|}%:]*(%[0-9A-F]{2}[^ ]*)*$"}}
                ),
                "region": REGION,
            }
        ),
        "logicalLocations": {"items": closed({"fullyQualifiedName": {"minLength": 1}, "kind": {"const": "member"}})},
    },
    "logicalLocations",
)
RULE = closed(
    {
        "id": {"type": "string"},
        "shortDescription": TEXT,
        "help": {**TEXT, "required": ["text", "markdown"]},
        "defaultConfiguration": closed({"level": LEVELS}),
    }
)
RESULT = closed(
    {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": LEVELS,
        "message": TEXT,
        "locations": {"type": "array", "minItems": 1, "items": LOCATION},
    }
)
DRIVER = closed(
    {"name": {"const": "rekha"}, "version": {"type": "string"}, "rules": {"items": RULE, "uniqueItems": True}}
)
RUN = closed(
    {
        "tool": closed({"driver": DRIVER}),
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "results": {"type": "array", "items": RESULT},
    }
)
SARIF = Draft202012Validator(
    closed(
        {
            "$schema": {"type": "string", "pattern": "^https://"},
            "version": {"const": "2.1.0"},
            "runs": {"type": "array", "minItems": 1, "items": RUN},
        }
    )
)
COMMAND = re.compile(r"::(?P<level>\w+) (?P<properties>[^:]*)::(?P<text>[^\r\n]*)")


def unescaped(text: str) -> str:
    return text.replace("%3A", ":").replace("%2C", ",").replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")


def read_github(line: str) -> tuple[str, str, int, int, str, str]:
    match = COMMAND.fullmatch(line)
    assert match is not None, line
    told = dict(part.split("=", 1) for part in match["properties"].split(","))
    assert told["line"] == told["endLine"]
    assert int(told["endColumn"]) > int(told["col"])
    place = (unescaped(told["file"]), int(told["line"]), int(told["col"]))
    return (match["level"], *place, unescaped(told["title"]), unescaped(match["text"]))


def read_sarif(run: dict[str, Any]) -> list[tuple[str, str, int, int, str, str]]:
    found = []
    for result in run["results"]:
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        region = physical["region"]
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        uri = unquote(physical["artifactLocation"]["uri"])
        words = (result["ruleId"], result["message"]["text"])
        found.append((result["level"], uri, region["startLine"], region["startColumn"], *words))
    return found


BROKEN = {
    "high": policy("high", severity="high"),
    "los": policy("los", when="los >= 8k and los < 9k"),
    "tag": policy("tag", when="!known(mtm)"),
    "all": policy("all", when="all(p.is_short for p in positions)"),
    "odd name, 100%": policy("odd", when="mtn > 5%"),
    "empty": "",
    "torn": "policy: [",
}


@pytest.fixture
def folder(write: Write) -> str:
    for name, text in BROKEN.items():
        write(f"some policies/{name}.yaml", text)
    return "some policies"


def test_all_forms_say_the_same(cli: Cli, folder: str) -> None:
    plain = cli("check", folder, "--format", "json")
    wanted = [
        (
            one["severity"],
            one["file"],
            one["line"],
            one["column"],
            one["code"],
            "; ".join(filter(None, (one["message"], one["hint"]))),
        )
        for one in plain.json
    ]
    assert len(wanted) >= len(BROKEN)
    scanned = cli("check", folder, "--format", "sarif")
    SARIF.validate(scanned.json)
    (run,) = scanned.json["runs"]
    assert read_sarif(run) == wanted
    annotated = cli("check", folder, "--format", "github")
    assert [read_github(line) for line in annotated.out.splitlines()] == wanted
    assert {plain.code, scanned.code, annotated.code} == {1}


def test_the_regions_are_what_the_carets_stand_under(cli: Cli, folder: str) -> None:
    (run,) = cli("check", f"{folder}/los.yaml", "--format", "sarif").json["runs"]
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    line = BROKEN["los"].splitlines()[region["startLine"] - 1]
    assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == "los"


def test_nothing_found_is_an_empty_run_and_no_annotation(cli: Cli) -> None:
    shipped = str(resource_dir("policies"))
    ran = cli("check", shipped, "--format", "sarif")
    SARIF.validate(ran.json)
    assert (ran.code, ran.json["runs"][0]["results"], ran.json["runs"][0]["tool"]["driver"]["rules"]) == (0, [], [])
    assert cli("check", shipped, "--format", "github").out == ""


def test_strict_counts_in_every_form(cli: Cli, folder: str) -> None:
    for form in ("sarif", "github"):
        assert cli("check", f"{folder}/all.yaml", "--format", form).code == 0
        assert cli("check", f"{folder}/all.yaml", "--format", form, "--strict").code == 1


def test_each_level_and_what_would_be_acted_on() -> None:
    place = Place("a,b:c%.yaml", 1, 3, 100, "/when")
    findings = [Finding("some-code", level, place, "100%\r\n::error::x", None) for level in Level]
    texts = {place.file: "when: x\n"}
    assert list(github(findings[:1], texts)) == [
        "::error file=a%2Cb%3Ac%25.yaml,line=1,endLine=1,col=3,endColumn=8,title=some-code::100%25%0D%0A::error::x"
    ]
    assert [line.split()[0] for line in github(findings, texts)] == ["::error", "::warning", "::notice"]
    made = sarif(findings, texts, "1.0")
    assert [result["level"] for result in made["runs"][0]["results"]] == ["error", "warning", "note"]
    # A code of which there is no page is a rule all the same.
    assert [rule["id"] for rule in made["runs"][0]["tool"]["driver"]["rules"]] == ["some-code"]


def test_the_validator_bites() -> None:
    made = sarif([Finding("x-y", Level.ERROR, Place("a.yaml"), "m")], {}, "1")
    assert SARIF.is_valid(made)
    made["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["endCol"] = 3
    assert not SARIF.is_valid(made)


def test_every_code_is_explained_and_all_are_listed(cli: Cli) -> None:
    pages = code_pages()
    listed = cli("explain", "code").out.splitlines()
    assert [line.split()[0] for line in listed] == sorted(pages)
    for code, page in pages.items():
        assert page.summary
        assert len(page.summary) < 200
        ran = cli("explain", "code", code)
        assert ran.code == 0
        assert page.markdown in ran.out
        assert "```" not in page.text
    assert pages["ladder-order"].is_warning
    assert not pages["unknown-fact"].is_warning


def test_a_code_that_is_none(cli: Cli) -> None:
    ran = cli("explain", "code", "unknown-fct")
    assert (ran.code, ran.err) == (1, "rekha: there is no code 'unknown-fct'; did you mean 'unknown-fact'?\n")
    assert cli("explain", "code", "a", "b").code == 2
