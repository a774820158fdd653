"""Each action with its arguments in a person's words, as explain and a dry run say them."""

from decimal import Decimal

from engine.actions.base import Arguments
from engine.domain.kinds import clock_text, show_duration


def notify(arguments: Arguments) -> str:
    """Say who is told."""
    return f"notify {', '.join(arguments['channels'])}"


def ask(arguments: Arguments) -> str:
    """Say what is asked, and what no answer means."""
    silence = "the rest goes on" if arguments["unanswered"] == "go on" else "the rest is left undone"
    wait = show_duration(arguments["wait"])
    return f'ask "{arguments["text"]}" and wait {wait}; without an answer {silence}'


def webhook(arguments: Arguments) -> str:
    """Say what is called."""
    return f"call the webhook {arguments['name']}"


def stop_source(arguments: Arguments) -> str:
    """Say what is stopped."""
    return f"stop the order source {arguments['name']} and wait until it says so"


def block_entries(arguments: Arguments) -> str:
    """Say what is blocked until when, and what becomes of orders from elsewhere."""
    foreign = {"report": "reported", "cancel": "cancelled", "exit": "exited"}[arguments["foreign_orders"]]
    until = arguments["until"]
    if isinstance(until, Decimal):
        until = f"for {show_duration(until)}"
    elif isinstance(until, tuple):
        until = f"until {clock_text(until[0])}"
    else:
        until = {"cleared": "until the rule clears", "rearmed": "until rearmed by hand"}.get(
            until, f"until the {until.replace('of ', 'of the ')}"
        )
    what = "entries of this underlying" if "underlying" in arguments else "entries"
    return f"block {what} {until}; orders from elsewhere are {foreign}"


def cancel_orders(arguments: Arguments) -> str:
    """Say which orders are cancelled."""
    what = {
        "all": "every working order",
        "entries": "working orders that open or uncover",
        "stops": "working stop orders",
        "this": "this order" if arguments.get("row") == "order" else "the working orders of this position",
    }
    return f"cancel {what[arguments['which']]}"


def exit_position(_: Arguments) -> str:
    """Say what is closed."""
    return "exit this position"


def reduce(arguments: Arguments) -> str:
    """Say what is closed in part."""
    by = arguments["by"].words
    which = f" where {arguments['where'].text}" if "where" in arguments else ""
    if arguments["pick"] == "all":
        return f"reduce every position{which} by {by}{_reach(arguments)}"
    most = {
        "largest margin": "that takes the most margin (short quantity × strike, for futures × price)",
        "largest loss": "with the largest loss of the day",
    }[arguments["pick"]]
    among = f", of those{which}," if which else ""
    return f"reduce the position {most}{among} by {by}{_reach(arguments)}"


def square_off(arguments: Arguments) -> str:
    """Say what is closed and how."""
    if "where" in arguments:
        kind = {"all": "positions", "shorts": "short positions", "hedges": "hedges"}[arguments["what"]]
        whole = f"square off {kind} where {arguments['where'].text}"
    else:
        whole = {
            "all": "square off all derivative and intraday positions: entries cancelled first, shorts before longs",
            "shorts": "square off every short position",
            "hedges": "square off the hedges, each once no short of its underlying is open",
        }[arguments["what"]]
    return "; ".join([f"{whole}{_reach(arguments)}", *_manner(arguments)])


def _reach(arguments: Arguments) -> str:
    return ", on the whole account" if "scope" in arguments else ""


def _manner(arguments: Arguments) -> list[str]:
    told = []
    if "include" in arguments:
        told.append("delivery positions too")
    if "by" in arguments:
        told.append(f"done by {clock_text(arguments['by'])}")
    if "chase" in arguments:
        told.append(f"priced anew every {show_duration(arguments['chase'])}")
    if "max_slippage" in arguments:
        told.append(f"giving up at most {arguments['max_slippage'].words}")
    if "residual" in arguments:
        left = arguments["residual"]
        told.append(
            {"none": "nothing may be left", "worthless": "what is worthless may be left"}[left]
            if isinstance(left, str)
            else f"at most {left.words} of a leg may be left"
        )
    return told


def kill_switch(arguments: Arguments) -> str:
    """Say when the switch is thrown."""
    if "even_if_open" in arguments:
        return "throw the broker's kill switch EVEN WITH POSITIONS OPEN: they may not be closable afterwards"
    return "throw the broker's kill switch once flat is verified"


def logout(arguments: Arguments) -> str:
    """Say when the session ends."""
    return "log out at once" if arguments["when"] == "now" else "log out after the watch"


def sync(_: Arguments) -> str:
    """Say what linked accounts do."""
    return "start the same sequence on every linked account"
