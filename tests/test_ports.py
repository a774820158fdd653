"""The ports tell what may be raised, in words that exist."""

import inspect
import re

from engine import errors, ports


def test_every_call_of_a_broker_says_what_it_does_and_every_error_it_names_exists():
    calls = {name: call for name, call in vars(ports.Broker).items() if inspect.iscoroutinefunction(call)}
    assert {"login", "logout", "fetch_snapshot", "send_order", "send_cancel"} <= calls.keys()
    for name, call in calls.items():
        text = inspect.getdoc(call) or ""
        assert text, name
        named = re.findall(r"\b(?:Broker[A-Z]\w+|CapabilityMissing|OrderFinished|BrokerError)\b", text)
        assert [error for error in named if not hasattr(errors, error)] == []
