"""
From a sentence's text to a guarded Python syntax tree whose columns are still the author's.

Literals of the language are replaced by placeholders of equal length before parsing; simpleeval's parser does the
parsing; an allow-list of our own decides what may pass. Names and types are the next step's business.
"""

import ast
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

from simpleeval import InvalidExpression, SimpleEval

from engine.policy.literals import Literal, parse_literal

MAX_LENGTH = 600
MAX_NODES = 200
MAX_NESTING = 20
MAX_DEPTH = 40

# Code of a problem that only follows from another one, which is already reported: never shown.
FOLLOWS = "follows"

# Every literal ends at a word boundary of ours: `5%abc` and `14:455` must not read as 5% and 14:45.
_NUMBER = r"[0-9]+(?:_[0-9]+)*(?:\.[0-9]+)?"
_LITERAL = re.compile(
    rf"""(?P<text>'[^']*'|"[^"]*")
    |(?<![\w.])(?:
        (?P<time>[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}})?)(?![\w.:%])
        |(?P<duration>
            (?:[0-9]+(?:\.[0-9]+)?h)?(?:[0-9]+(?:\.[0-9]+)?m)?(?:[0-9]+(?:\.[0-9]+)?s)?(?<=[hms])
        )(?![\w.:%])
        |(?P<percent>{_NUMBER}\s*%)(?:(?P<of>\s+of\b)|(?![\w.:%]))
        |(?P<number>
            {_NUMBER}(?:\s*(?:k|lakhs?|lac|crores?|cr)\b)?(?:\s+(?!AND\b|NOT\b)[A-Z]{{3}}\b)?
        )(?![\w.:%])
        |(?P<odd>[0-9][\w.:%]*)
    )""",
    re.VERBOSE,
)
_QUOTED = re.compile(r"""'[^']*'|"[^"]*\"""")
_SEPARATOR = re.compile(r"(?<![\w.,])[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}(?![\w,])")

# What Python would give a meaning of its own, or nobody would see.
_STRANGE = frozenset("#;@\\`$?")
_INSTEAD: Mapping[str, str] = {
    "#": "a remark stands on a line of its own, outside the quotes",
    ";": "one sentence; put a second one into an all: or any: block",
    "≥": "write >=", "≤": "write <=", "≠": "write !=", "−": "write -", "–": "write -", "×": "write *", "÷": "write /",
    "‘": "write '", "’": "write '", "“": "write '", "”": "write '", "₹": "leave it out: money is in account currency",
}  # fmt: skip

_ALLOWED: tuple[type[ast.AST], ...] = (
    ast.Expr, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.Compare, ast.Lt, ast.LtE, ast.Gt,
    ast.GtE, ast.Eq, ast.NotEq, ast.In, ast.NotIn, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Call, ast.Name,
    ast.Load, ast.Store, ast.Attribute, ast.List, ast.GeneratorExp, ast.comprehension, ast.Constant,
)  # fmt: skip

_REFUSED: Mapping[type[ast.AST], tuple[str, str]] = {
    ast.Assign: ("one '=' assigns, it does not compare", "write '==' to compare, or '>=' / '<=' for a limit"),
    ast.AnnAssign: ("a colon does not belong in a sentence", "compare with < <= > >= == !="),
    ast.NamedExpr: ("':=' assigns", "compare with < <= > >= == !="),
    ast.Tuple: ("a comma makes a list of two things, and a list counts as true", "write 50_000 or 50k, or [TUE, THU]"),
    ast.Subscript: (
        "square brackets after a name are not part of the language",
        "use any(…), all(…), sum(…) over rows; a table is asked as in lots_cap('NIFTY')",
    ),
    ast.Lambda: ("'lambda' is not part of the language", "write the condition itself"),
    ast.JoinedStr: ("a formatted text is not part of a sentence", "formatted text belongs in 'because'"),
    ast.Starred: ("'*' before a name is not part of the language", "name each thing"),
    ast.BitAnd: ("'&' is not part of the language", "write and"),
    ast.BitOr: ("'|' is not part of the language", "write or"),
    ast.Pow: ("'**' is not part of the language", "multiply instead"),
    ast.Mod: ("'%' between two things is not part of the language", "write a percent as '5% of capital'"),
    ast.FloorDiv: ("'//' is not part of the language", "divide with '/'"),
    ast.Is: ("'is' is not part of the language", "write '==', or known(x) for “is there a value”"),
    ast.IsNot: ("'is not' is not part of the language", "write '!=', or known(x) for “is there a value”"),
    ast.ListComp: (
        "a list in square brackets over rows is not part of the language",
        "write any(… for p in positions)",
    ),
    ast.SetComp: ("braces are not part of the language", "write any(… for p in positions)"),
    ast.DictComp: ("braces are not part of the language", "write any(… for p in positions)"),
    ast.IfExp: ("'… if … else …' is not part of the language", "write two policies, or use 'cases' in values.yaml"),
    ast.Await: ("'await' is not part of the language", "name facts and compare them"),
    ast.Yield: ("'yield' is not part of the language", "name facts and compare them"),
    ast.keyword: ("'name=' inside a call is not part of the language", "pass arguments by position"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a sentence; `at` is (column from 0, length) in the sentence."""

    code: str
    message: str
    hint: str | None
    at: tuple[int, int]


class SentenceError(Exception):
    """A sentence that cannot be parsed; carries one `Problem`."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Parsed:
    """
    A guarded tree over the stripped text. literals: by column of their placeholder name.
    """

    text: str
    root: ast.expr
    literals: Mapping[int, Literal]
    _encoded: bytes

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Return (first column, length) of a syntax node in characters."""
        start = self._characters(getattr(node, "col_offset", 0))
        end = self._characters(getattr(node, "end_col_offset", 0) or 0)
        return start, max(1, end - start)

    def _characters(self, offset: int) -> int:
        return len(self._encoded[:offset].decode("utf-8", "ignore"))


def flatten(text: str) -> str:
    """Return a sentence on one line, as it is parsed and shown; columns of its tree count in this text."""
    return re.sub(r"[\n\r\t]", " ", text).strip()


def parse_sentence(text: str) -> Parsed:
    """
    Return the guarded tree of a sentence.

    Raises: SentenceError with one problem: too long, not a sentence, or something the language does not have.
    """
    flat = flatten(text)
    if not flat:
        raise SentenceError(
            Problem("empty-sentence", "the sentence is empty", "write a condition, such as loss >= 10k", (0, 1))
        )
    if len(flat) > MAX_LENGTH:
        message = f"the sentence has {len(flat)} characters; {MAX_LENGTH} are allowed"
        raise SentenceError(Problem("sentence-too-long", message, "split it into an all: or any: block", (0, 20)))
    _refuse_characters(flat)
    _refuse_separators(flat)
    masked, literals = _mask_literals(flat)
    _refuse_nesting(masked)
    parsed = Parsed(flat, _parse(masked, flat), literals, masked.encode())
    _guard(parsed)
    return parsed


def _refuse_characters(text: str) -> None:
    plain = _blank_quotes(text)
    for column, character in enumerate(text):
        inside = plain[column] != character
        if character == "\\" or not character.isprintable() or (not inside and _is_strange(character)):
            shown = f"'{character}'" if character.isprintable() else f"U+{ord(character):04X}"
            message = f"the character {shown} cannot stand in a sentence"
            hint = _INSTEAD.get(character) or ("write a plain space" if character.isspace() else None)
            raise SentenceError(Problem("not-in-the-language", message, hint, (column, 1)))
    end = None
    for match in _QUOTED.finditer(text):
        before = text[: match.start()]
        if re.search(r"\w$", before) or (end is not None and not text[end : match.start()].strip()):
            message = "a text is one piece in one pair of quotes"
            raise SentenceError(Problem("not-in-the-language", message, "as in 'NIFTY'", (match.start(), 1)))
        end = match.end()


def _is_strange(character: str) -> bool:
    return character in _STRANGE or not character.isascii()


def _refuse_separators(text: str) -> None:
    match = _SEPARATOR.search(_blank_quotes(text))
    if match:
        plain = match.group().replace(",", "_")
        raise SentenceError(
            Problem(
                "thousands-separator",
                f"'{match.group()}': a comma cannot stand inside a number in a sentence",
                f"write {plain} or use k, lakh, crore",
                (match.start(), len(match.group())),
            )
        )


def _blank_quotes(text: str) -> str:
    return _QUOTED.sub(lambda match: match[0][0] + " " * (len(match[0]) - 2) + match[0][0], text)


def _mask_literals(text: str) -> tuple[str, dict[int, Literal]]:
    literals: dict[int, Literal] = {}

    def mask(match: re.Match[str]) -> str:
        if match["text"] is not None:
            return match.group()
        if match["odd"] is not None:
            message = f"'{match['odd'][:40]}' is not a number of the language"
            hint = "write 50k, 2 lakh, 10_000, 5%, 30s, 5m or 14:45"
            raise SentenceError(Problem("bad-literal", message, hint, (match.start(), len(match.group()))))
        token = match["time"] or match["duration"] or match["percent"] or match["number"]
        literal = parse_literal(token)
        if literal is None:
            message = f"'{token[:40]}' is not a value of the language"
            hint = "times run from 0:00 to 24:00" if match["time"] else "a number has at most 30 digits"
            raise SentenceError(Problem("bad-literal", message, hint, (match.start(), len(token))))
        literals[match.start()] = literal
        tail = match["of"]
        return "_" * len(token) + (tail.replace("of", "* ") if tail else "")

    return _LITERAL.sub(mask, text), literals


def _refuse_nesting(text: str) -> None:
    depth = 0
    for column, character in enumerate(_blank_quotes(text)):
        depth += (character in "([{") - (character in ")]}")
        if depth > MAX_NESTING:
            message = f"brackets are nested deeper than {MAX_NESTING}"
            raise SentenceError(Problem("sentence-too-deep", message, "split it into a block", (column, 1)))


def _parse(masked: str, text: str) -> ast.expr:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            statement = SimpleEval.parse(masked)
    except SyntaxError as error:
        column = min(max(0, (error.offset or 1) - 1), len(text) - 1)
        raise SentenceError(_syntax_problem(error, text, column)) from None
    except (InvalidExpression, Warning, RecursionError, MemoryError, ValueError, OverflowError):
        raise SentenceError(Problem("not-a-sentence", "this is not one sentence", None, (0, len(text)))) from None
    if isinstance(statement, ast.Expr):
        return statement.value
    refused = _REFUSED.get(
        type(statement), ("this is not a condition", "name facts and compare them, as in loss >= 10k")
    )
    column = _blank_quotes(text).find("=") if isinstance(statement, ast.Assign) else 0
    raise SentenceError(Problem("not-in-the-language", refused[0], refused[1], (max(0, column), 1)))


_SPELLED: tuple[tuple[str, str], ...] = (
    (r"&&", "and"),
    (r"\|\|", "or"),
    (r"<>", "!="),
    (r"=>", ">="),
    (r"=<", "<="),
    (r"!(?!=)", "not"),
    (r"\b(?:AND|And)\b", "and"),
    (r"\b(?:OR|Or)\b", "or"),
    (r"\b(?:NOT|Not)\b", "not"),
)


def _syntax_problem(error: SyntaxError, text: str, column: int) -> Problem:
    plain = _blank_quotes(text)
    for spelled, right in _SPELLED:
        found = re.search(spelled, plain)
        if found:
            message = f"'{found.group()}' is not part of the language"
            return Problem("not-in-the-language", message, f"write {right}", (found.start(), len(found.group())))
    single = re.search(r"(?<![<>=!])=(?!=)", plain)
    said = error.msg or ""
    if single and ("cannot assign" in said or "Maybe you meant" in said):
        message, hint = _REFUSED[ast.Assign]
        return Problem("not-in-the-language", message, hint, (single.start(), 1))
    # Python's own advice ("perhaps you forgot a comma?") would mislead here.
    word = re.match(r"\w+", plain[column:])
    hint = "a condition reads as in loss >= 10k; join two with and, or"
    return Problem("not-a-sentence", "this cannot be read", hint, (column, len(word.group()) if word else 1))


def _guard(parsed: Parsed) -> None:
    count = 0
    stack: list[tuple[ast.AST, ast.AST, int]] = [(parsed.root, parsed.root, 0)]
    while stack:
        node, parent, depth = stack.pop()
        count += 1
        if count > MAX_NODES or depth > MAX_DEPTH:
            message = "the sentence has too many parts"
            raise SentenceError(
                Problem("sentence-too-deep", message, "split it into a block", parsed.span(parsed.root))
            )
        anchor = node if hasattr(node, "col_offset") else parent
        if not isinstance(node, _ALLOWED):
            default = (f"'{type(node).__name__}' is not part of the language", "name facts and compare them")
            message, hint = _REFUSED.get(type(node), default)
            raise SentenceError(Problem("not-in-the-language", message, hint, parsed.span(anchor)))
        if isinstance(node, ast.comprehension) and node.is_async:
            message = "'async' is not part of the language"
            raise SentenceError(Problem("not-in-the-language", message, "leave it out", parsed.span(parent)))
        _guard_mixed(node, parsed)
        stack.extend((child, anchor, depth + 1) for child in ast.iter_child_nodes(node))


def _guard_mixed(node: ast.AST, parsed: Parsed) -> None:
    if not isinstance(node, ast.BoolOp):
        return
    for operand in node.values:
        if isinstance(operand, ast.BoolOp) and type(operand.op) is not type(node.op):
            start, length = parsed.span(operand)
            before, after = parsed.text[:start].rstrip(), parsed.text[start + length :].lstrip()
            if not (before.endswith("(") and after.startswith(")")):
                raise SentenceError(
                    Problem(
                        "mixed-and-or",
                        "'and' is mixed with 'or' without parentheses",
                        "put parentheses round the part that belongs together",
                        parsed.span(operand),
                    )
                )
