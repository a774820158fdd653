"""The life of a rule: every scenario of `features/rules`."""

from pytest_bdd import scenarios

scenarios("rules")
