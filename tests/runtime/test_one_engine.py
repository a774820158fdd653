"""One engine a desk: the second is told who is first; whoever comes after a crash goes by the same name."""

import multiprocessing
import os
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from engine.errors import SettingsError
from engine.runtime.one_engine import alone_on


def hold(desk: Path, held: Event) -> None:
    """Hold a desk until the process is killed."""
    with alone_on(desk):
        held.set()
        multiprocessing.Event().wait()


def test_a_second_engine_on_the_desk_is_refused(tmp_path: Path) -> None:
    with (
        alone_on(tmp_path),
        pytest.raises(SettingsError, match=rf"already \(process {os.getpid()}\)"),
        alone_on(tmp_path),
    ):
        pass


def test_who_comes_next_has_the_same_name(tmp_path: Path) -> None:
    with alone_on(tmp_path) as first:
        pass
    with alone_on(tmp_path) as second:
        assert first == second
    with alone_on(tmp_path.parent) as other:
        assert other != first


def test_a_desk_whose_engine_was_killed_is_free(tmp_path: Path) -> None:
    processes = multiprocessing.get_context("spawn")
    held = processes.Event()
    process = processes.Process(target=hold, args=(tmp_path, held))
    process.start()
    assert held.wait(60)
    process.kill()
    process.join()
    with alone_on(tmp_path) as name:
        assert str(tmp_path) in name
