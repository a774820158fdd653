"""One real reading of one account, for scenarios in which the whole engine must say the same as the sentence."""

from datetime import datetime

from engine.core.evaluate import AccountState, Result, evaluate
from engine.domain.account import Account
from engine.runtime.snapshot_file import parse_snapshot
from tests.policy.toy import loaded

AT = datetime.fromisoformat("2026-11-23T10:15:00+05:30")


class Reading:
    """The result of the only rule of a file on one snapshot."""

    def __init__(self, file: str, values: str, books: str) -> None:
        program = loaded(file, values).require()
        text = f"account: A1\ntaken_at: {AT.isoformat()}\n{books}\n"
        snapshot = parse_snapshot(text, "reading.yaml")
        evaluation = evaluate(program, Account("A1"), snapshot, AccountState(), AT)
        self.result: Result = evaluation.results[0]

    @property
    def verdict(self) -> str:
        assert self.result.verdict is not None
        return self.result.verdict.value

    @property
    def because(self) -> str | None:
        return self.result.because
