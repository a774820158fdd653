"""`notify:` of a desk: its channels, where their addresses stand, and what is refused before it is needed."""

from datetime import timedelta
from pathlib import Path

import pytest

from engine.domain.secret import Secret
from engine.errors import MisuseError, PolicyErrors
from engine.policy.findings import Report
from engine.runtime.desk import Desk, parse_desk, read_desk, resolve_desk
from engine.runtime.notify_settings import NOBODY_TOLD, NotifySettings, read_addresses
from engine.runtime.policy_files import load_policies
from tests.cli.files import policy


def desk(folder: Path, notify: str) -> Desk:
    write(folder, notify)
    (folder / "policies").mkdir()
    body = "then:\n  - notify: [telegram, call]\n"
    (folder / "policies" / "kill.yaml").write_text(policy("kill", "loss >= 10k", body), encoding="utf-8")
    file = read_desk(str(folder))
    return resolve_desk(file, load_policies([str(file.policies)], file.currencies).require())


def write(folder: Path, notify: str) -> None:
    text = f"accounts:\n  A1: {{broker: kite}}\n{notify}"
    (folder / "rekha.yaml").write_text(text, encoding="utf-8")


def refused(folder: Path, notify: str) -> list[tuple[int, str, str]]:
    with pytest.raises(PolicyErrors) as caught:
        desk(folder, notify)
    return [(one.place.line, one.code, f"{one.message}; {one.hint}") for one, _ in caught.value.findings]  # type: ignore[attr-defined]


def test_channels_and_what_happens_between_them(tmp_path: Path) -> None:
    found = desk(
        tmp_path, "notify: {channels: [telegram, call, mail], otherwise: {telegram: mail}, repeat: 5m, ping: 30s}\n"
    )
    assert found.notify == NotifySettings(
        ("telegram", "call", "mail"), {"telegram": "mail"}, timedelta(minutes=5), timedelta(seconds=30)
    )


def test_a_desk_without_notify_tells_nobody(tmp_path: Path) -> None:
    assert desk(tmp_path, "").notify == NOBODY_TOLD


def test_a_channel_that_a_policy_tells_and_the_desk_lacks_is_refused_with_the_nearest(tmp_path: Path) -> None:
    assert refused(tmp_path, "notify:\n  channels: [telegrm, call]\n") == [
        (
            4,
            "unknown-channel",
            "kill would tell 'telegram', which is none of this desk's channels; did you mean 'telegrm'?",
        )
    ]


def test_a_channel_that_is_nowhere_near_is_told_how_to_add(tmp_path: Path) -> None:
    [(_, code, said)] = refused(tmp_path, "notify:\n  channels: [telegram]\n")
    assert code == "unknown-channel"
    assert said.endswith("add it to channels, and its address as REKHA_NOTIFY_CALL")


def test_otherwise_names_channels_of_the_desk(tmp_path: Path) -> None:
    found = refused(tmp_path, "notify:\n  channels: [telegram, call]\n  otherwise:\n    telegram: cal\n")
    assert found == [(6, "unknown-channel", "'cal' is none of this desk's channels; did you mean 'call'?")]


def test_two_channels_whose_addresses_would_be_one_variable(tmp_path: Path) -> None:
    [(line, code, said)] = refused(tmp_path, "notify:\n  channels: [telegram, call, my-mail, my_mail]\n")
    assert (line, code) == (4, "same-variables")
    assert "would both be REKHA_NOTIFY_MY_MAIL" in said


@pytest.mark.parametrize(
    "notify",
    [
        "notify: {channels: ['tgram://123:abc/99']}\n",
        "notify:\n  channels: [telegram, call]\n  tgram://123:abc/99: 5m\n",
    ],
)
def test_an_address_in_the_file_is_refused_and_not_shown(tmp_path: Path, notify: str) -> None:
    write(tmp_path, notify)
    report = Report()
    file = parse_desk(str(tmp_path), report)
    [found] = report.sorted()
    assert found.code == "secret-in-file"
    assert "123" not in file.text + found.message + str(found.hint)


def test_addresses_stand_in_the_environment_and_all_that_miss_are_named() -> None:
    settings = NotifySettings(("telegram", "my-mail"), ping=timedelta(minutes=1))
    with pytest.raises(MisuseError, match="REKHA_NOTIFY_TELEGRAM, REKHA_PING"):
        read_addresses(settings, {"REKHA_NOTIFY_MY_MAIL": "mailto://x", "REKHA_NOTIFY_TELEGRAM": " "})
    found = read_addresses(
        settings, {"REKHA_NOTIFY_MY_MAIL": "mailto://x", "REKHA_NOTIFY_TELEGRAM": "t ", "REKHA_PING": "p"}
    )
    assert found.channels == {"telegram": Secret("t"), "my-mail": Secret("mailto://x")}
    assert found.ping == Secret("p")
    assert "mailto" not in repr(found)
