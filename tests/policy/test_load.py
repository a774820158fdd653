"""From many files to one program: every error once, in file order, nothing that only follows from another."""

from datetime import date

import pytest

from engine.domain.enums import Mode
from engine.errors import PolicyErrors
from engine.policy.findings import Level, render_finding
from engine.policy.load import Loaded, Source, load
from tests.policy.toy import CATALOGUE, LATER, VALUES, codes, loaded, policy

# One planted mistake each: the line of a policy that is changed, what it becomes, the code it must give.
MISTAKES = [
    ("title: a rule", "titel: a rule", "unknown-key"),
    ("severity: warning", "severity: loud", "not-a-choice"),
    ("accounts: all", "accounts: some", "not-a-choice"),
    ("accounts: all", "accounts: {label: {a: b}}", "unknown-key"),
    ("when: loss >= loss_limit", "when: mtn >= loss_limit", "unknown-fact"),
    ("when: loss >= loss_limit", "when: loss >= loss_limt", "unknown-fact"),
    ("when: loss >= loss_limit", "when: loss = loss_limit", "not-in-the-language"),
    ("when: loss >= loss_limit", "when: loss >= 50,000", "thousands-separator"),
    ("when: loss >= loss_limit", "when: loss >= 5%", "type-mismatch"),
    ("when: loss >= loss_limit", "when: loss", "not-a-condition"),
    ("when: loss >= loss_limit", "when: loss >= 0", "always-true"),
    ("when: loss >= loss_limit", "when: loss < 0", "impossible"),
    ("when: loss >= loss_limit", "when: mtm <= loss_limit", "fires-without-loss"),
    ("when: loss >= loss_limit", "when: !known(loss)", "yaml-tag"),
    ("when: loss >= loss_limit", "when: {all: []}", "empty-block"),
    ("when: loss >= loss_limit", "when: ''", "empty-sentence"),
    ("when: loss >= loss_limit", "when: spot('NIFTY', 5) > 24k", "wrong-arguments"),
    ("when: loss >= loss_limit", "when: any(p.lss > 5 for p in positions)", "unknown-field"),
    ("when: loss >= loss_limit", "when: any(p.loss > 5 for p in postions)", "unknown-rows"),
    ("when: loss >= loss_limit", "when: stop_file or stop_loss_hit and broker_connected", "mixed-and-or"),
    ("  - notify: telegram", "  - notfy: telegram", "unknown-action"),
    ("  - notify: telegram", "  - kill_switch: yes", "wrong-shape"),
    ("  - notify: telegram", "  - place_stop: 30%", "comes-later"),
    ("because: for a test", "because: lost {lss}", "unknown-fact"),
    ("because: for a test", "because: lost {loss", "bad-because"),
    ("because: for a test", "because: b\nmode: enforced", "not-a-choice"),
    ("because: for a test", "because: b\ncooldown: 5", "wrong-value"),
    ("because: for a test", "because: b\nlet: {a: 10,000}", "split-number"),
    ("because: for a test", "because: b\nlet: {loss_limit: 5k}", "shadowed-value"),
    ("because: for a test", "because: b\ntitle: c", "duplicate-key"),
]


def folder(count: int = 200) -> tuple[list[Source], list[tuple[str, str]]]:
    """Policies by the hundred, a mistake planted in every sixth, and where each mistake is."""
    sources, planted = [Source("values.yaml", VALUES.encode())], []
    mistakes = iter(MISTAKES)
    for number in range(count):
        name = f"policies/rule-{number:03}.yaml"
        text = policy().replace("a-rule", f"rule-{number}")
        mistake = next(mistakes, None) if number % 6 == 3 else None
        if mistake is not None:
            right, wrong, code = mistake
            assert right in text
            text = text.replace(right, wrong)
            planted.append((name, code))
        sources.append(Source(name, text.encode()))
    return sources, planted


def test_thirty_mistakes_in_two_hundred_files_are_thirty_errors_in_file_order() -> None:
    sources, planted = folder()
    assert len(planted) == len(MISTAKES) == 30
    result = load(reversed(sources), CATALOGUE, LATER)
    errors = [finding for finding in result.findings if finding.level is Level.ERROR]
    assert [(finding.place.file, finding.code) for finding in errors] == planted
    # All the others are the same rule.
    assert {finding.code for finding in result.findings if finding not in errors} == {"duplicate-rule"}
    assert all(
        len(render_finding(finding, result.texts[finding.place.file]).splitlines()) <= 6 for finding in result.findings
    )
    assert len(result.program.policies) == 170


def test_each_of_those_mistakes_alone_is_one_error() -> None:
    for right, wrong, code in MISTAKES:
        assert codes(loaded(policy().replace(right, wrong))) == [code], wrong


def test_a_set_without_errors_is_a_program_in_file_order() -> None:
    sources = [Source(f"{name}.yaml", policy().replace("a-rule", name).encode()) for name in ("b", "a", "c")]
    program = load([*sources, Source("values.yaml", VALUES.encode())], CATALOGUE, LATER).require()
    assert [one.name for one in program.policies] == ["a", "b", "c"]
    assert program.policy("b") is not None
    assert program.policy("x") is None
    assert set(program.values) == {"loss_limit", "bare_limit", "share", "rest"}


def test_a_set_with_errors_gives_no_program_but_every_error() -> None:
    with pytest.raises(PolicyErrors) as caught:
        loaded(policy("mtn >= 5k")).require()
    assert len(caught.value.findings) == 1


def test_a_warning_alone_is_no_error() -> None:
    result = loaded(policy(more="let: {idle: 5k}\n"))
    assert not result.has_errors
    assert result.require().policies


def two(values: str, *texts: str) -> Loaded:
    sources = [
        Source(f"{index}.yaml", text.replace("a-rule", f"rule-{index}").encode()) for index, text in enumerate(texts)
    ]
    return load([*sources, Source("values.yaml", values.encode())], CATALOGUE, LATER)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ("loss_limit: 5 zork\n", "bad-value"),
        ("loss_limit:\n", "empty-value"),
        ("loss_limit: !x 5\n", "yaml-tag"),
        ("{loss_limit: 10,000 INR}\n", "split-number"),
        ("loss_limit: {NIFTY: 5 zork}\n", "bad-value"),
        ("loss_limit: [5]\n", "wrong-shape"),
        ("loss_limit: 5% of capitl\n", "unknown-fact"),
        ("loss_limit: 'open\n", "yaml-syntax"),
        ("- loss_limit\n", "wrong-shape"),
    ],
)
def test_a_broken_value_is_one_error_however_many_policies_use_it(values: str, code: str) -> None:
    result = two(values, policy(), policy("mtm <= -loss_limit"), policy("loss >= 2 * loss_limit"))
    assert codes(result) == [code]
    assert result.findings[0].place.file == "values.yaml"
    assert result.program.policies == ()


def test_a_broken_value_does_not_hide_a_policys_own_mistake() -> None:
    assert codes(two("loss_limit: 5 zork\n", policy("{any: [loss >= loss_limit, mtn > 5k]}"))) == [
        "unknown-fact",
        "bad-value",
    ]


def test_a_value_that_uses_a_broken_one_is_silent_too() -> None:
    assert codes(two("base: 5 zork\nloss_limit: 2 * base\n", policy())) == ["bad-value"]


def test_a_broken_let_is_one_error() -> None:
    assert codes(loaded(policy("{any: [loss >= x, mtm <= -x]}", more="let: {x: 5 zork}\n"))) == ["bad-value"]


def test_a_policy_whose_second_sentence_hangs_on_a_broken_value_is_no_part_of_the_program() -> None:
    result = two("loss_limit: 5 zork\nrest: 3s\n", policy("loss >= 5k", more="clear_when: loss <= loss_limit\n"))
    assert codes(result) == ["bad-value"]
    assert result.program.policies == ()


def test_names_are_unique_and_the_second_is_told_of_the_first() -> None:
    result = load(
        [Source("b.yaml", policy("stop_file").encode()), Source("a.yaml", policy("stop_file").encode())],
        CATALOGUE,
        LATER,
    )
    (finding,) = result.findings
    assert (finding.code, finding.place.file) == ("duplicate-policy", "b.yaml")
    assert "a.yaml:1" in finding.message


def test_a_value_without_a_unit_is_used_in_one_unit_by_the_whole_set() -> None:
    result = two("n: 5\n", policy("loss >= n"), policy("open_positions > n"))
    (finding,) = result.findings
    assert (finding.code, finding.place.file, finding.place.line) == ("value-two-units", "1.yaml", 5)
    assert "0.yaml:5" in finding.message


def test_the_digest_is_of_every_byte_and_of_no_order() -> None:
    sources, _ = folder(4)
    digest = load(sources, CATALOGUE, LATER).program.digest
    assert load(reversed(sources), CATALOGUE, LATER).program.digest == digest
    changed = [*sources[:-1], Source(sources[-1].name, sources[-1].data + b"\n")]
    assert load(changed, CATALOGUE, LATER).program.digest != digest
    renamed = [*sources[:-1], Source("policies/other.yaml", sources[-1].data)]
    assert load(renamed, CATALOGUE, LATER).program.digest != digest


CALENDAR = b"years: [2026]\nevents: {budget: [2026-02-01 11:00]}\n"


def test_a_calendar_of_events_is_read_and_is_no_policy() -> None:
    result = load([Source("desk/calendar.yaml", CALENDAR)], CATALOGUE, LATER)
    assert codes(result) == []
    assert result.program.policies == ()
    assert result.program.events.falls_on("budget", date(2026, 2, 1))
    assert result.program.events.falls_on("budget", date(2026, 2, 2)) is False
    assert result.program.events.falls_on("budget", date(2027, 2, 1)) is None


def test_a_set_has_one_calendar() -> None:
    files = [Source("desk/calendar.yaml", CALENDAR), Source("desk/more/calendar.yaml", CALENDAR)]
    result = load(files, CATALOGUE, LATER)
    assert [(one.code, one.place.file) for one in result.findings] == [("second-calendar", "desk/more/calendar.yaml")]


def test_a_calendar_that_cannot_be_read_is_one_error() -> None:
    result = load(
        [Source("calendar.yaml", b"years: ["), Source("a.yaml", policy("loss >= 5k").encode())], CATALOGUE, LATER
    )
    assert codes(result) == ["yaml-syntax"]


def test_what_is_not_said_has_the_languages_defaults() -> None:
    (rule,) = loaded(policy()).require().policies
    assert rule.mode is Mode.DRY_RUN
    assert rule.during.name == "market_hours"
    assert rule.confirm.samples == 2
    assert rule.confirm.max_gap is None
    assert (rule.once, rule.cooldown, rule.for_each, rule.clear_when) == (None, None, None, None)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (policy("loss >= loss_limit"), policy("loss  >=  loss_limit"), True),
        (policy("loss >= 10k"), policy("loss >= 10_000"), True),
        (policy("stop_file and stop_loss_hit"), policy("{all: [stop_file, stop_loss_hit]}"), True),
        (policy(), policy().replace("a rule", "another title"), True),
        (policy(), policy(more="mode: enforce\n"), True),
        (policy("loss >= 10k"), policy("loss > 10k"), False),
        (policy("loss >= 10k"), policy("loss >= 11k"), False),
        (policy(), policy(more="confirm: {samples: 3}\n"), False),
        (policy("loss >= loss_limit"), policy("loss >= bare_limit"), False),
    ],
)
def test_the_fingerprint_is_of_what_is_confirmed(one: str, other: str, same: bool) -> None:
    prints = [loaded(text).require().policies[0].fingerprint for text in (one, other)]
    assert (prints[0] == prints[1]) is same


def test_the_fingerprint_holds_names_of_values_and_not_their_worth() -> None:
    prints = {loaded(policy(), f"loss_limit: {worth}\n").require().policies[0].fingerprint for worth in ("5k", "9k")}
    assert len(prints) == 1
