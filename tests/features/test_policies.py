"""The shipped policies in a trader's words: every scenario of `features/policies`."""

from pytest_bdd import scenarios

scenarios("policies")
