"""What is unwise in the order of a `then`, beside what its actions demand: hands, eyes or stops gone too soon."""

from engine.policy import ir
from engine.policy.findings import Place, Report
from engine.policy.program import ActionCall, Policy
from engine.policy.shape import locate, steps_of
from engine.policy.yaml_text import Mapping as MappingNode


def lint_then(policy: Policy, root: MappingNode, report: Report) -> None:
    """Warn of stops cancelled before the exits, of a switch nothing leads to, and of a logout with nothing shut."""
    closing = [index for index, call in enumerate(policy.then) if call.spec.exits]
    for index, call in enumerate(policy.then):
        if call.name == "cancel_orders" and call.arguments["which"] in ("all", "stops") and closing[-1:] > [index]:
            exit_ = policy.then[closing[-1]].name
            message = f"this takes the stops away while positions stand; '{exit_}' comes after it"
            hint = f"write cancel_orders: entries: '{exit_}' cancels each leg's stop as the last thing before its exit"
            report.warning("dangerous-order", _place(root, call), message, hint)
        if call.name == "square_off" and call.arguments.get("what") == "hedges" and closing[-1:] > [index]:
            message = f"this sells what covers the sold options, before '{policy.then[closing[-1]].name}' closes them"
            report.warning("dangerous-order", _place(root, call), message, "put hedges last")
        waits = call.name == "kill_switch" and "even_if_open" not in call.arguments
        if waits and not closing and not _asks_of_positions(policy):
            message = "the switch is thrown only once the book is flat, and nothing here makes it so"
            report.warning("kill-without-exit", _place(root, call), message, "put square_off: all before it")
        leaves = call.name == "logout" and call.arguments["when"] == "now" and closing[-1:] < [index]
        if leaves and not any(other.name == "kill_switch" for other in policy.then[:index]):
            message = "after this nobody watches, and the account can go on trading from elsewhere"
            hint = "write logout: after_watch, or kill_switch before it"
            report.warning("logout-unwatched", _place(root, call), message, hint)


def _asks_of_positions(policy: Policy) -> bool:
    return any(isinstance(part, ir.FactRef) and part.name == "open_positions" for part in ir.walk(policy.when))


def _place(root: MappingNode, call: ActionCall) -> Place:
    return locate(root, steps_of(call.pointer))[1]
