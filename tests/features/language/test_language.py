"""The language as `features/language` specifies it."""

from pytest_bdd import scenarios

scenarios("language")
