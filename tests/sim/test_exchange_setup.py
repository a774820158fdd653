"""What an exchange starts from is a value: frozen, and complete without a word more than it must have."""

from dataclasses import FrozenInstanceError

import pytest

from tests.sim.day import SETUP


def test_a_setup_is_frozen_and_has_defaults():
    with pytest.raises(FrozenInstanceError):
        SETUP.refill = None  # type: ignore[misc]
    assert (SETUP.ticks, SETUP.hands, SETUP.fills) == ((), (), ())
    assert SETUP.rules.most_changes == 25
