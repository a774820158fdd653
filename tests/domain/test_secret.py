"""A secret never prints itself."""

import copy
import json
import pickle

import pytest

from engine.domain.secret import Secret


def test_it_shows_nothing_however_it_is_printed():
    secret = Secret("hunter2")
    for shown in (
        str(secret),
        repr(secret),
        f"{secret}",
        f"{secret:>20}",
        f"{secret!r}",
        repr([secret]),
    ):
        assert "hunter2" not in shown
    assert secret.reveal() == "hunter2"


@pytest.mark.parametrize("leak", [pickle.dumps, copy.copy, copy.deepcopy, json.dumps])
def test_it_is_not_copied_or_written(leak):
    with pytest.raises(TypeError):
        leak(Secret("hunter2"))


def test_it_is_compared_by_its_text():
    assert Secret("a") == Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert not Secret("")
