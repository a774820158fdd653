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

_NUMBER = r"\d[\d_]*(?:\.\d+)?"
_LITERAL = re.compile(
    rf"""(?P<text>'[^']*'|"[^"]*")
    |(?<![\w.])(?:
        (?P<time>\d{{1,2}}:\d{{2}}(?::\d{{2}})?)
        |(?P<duration>(?:\d+(?:\.\d+)?h)?(?:\d+(?:\.\d+)?m)?(?:\d+(?:\.\d+)?s)?(?<=[hms]))(?!\w)
        |(?P<percent>{_NUMBER}\s?%)(?P<of>\s+of\b)?
        |(?P<number>{_NUMBER}(?:\s?(?:k|lakhs?|lac|crores?|cr)\b)?(?:\s[A-Z]{{3}}\b)?)(?![\w.])
        |(?P<odd>\d[\w.]*)
    )""",
    re.VERBOSE,
)
_SEPARATOR = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{2,3})+(?![\w,])")

_ALLOWED: tuple[type[ast.AST], ...] = (
    ast.Expr, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.Compare, ast.Lt, ast.LtE, ast.Gt,
    ast.GtE, ast.Eq, ast.NotEq, ast.In, ast.NotIn, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Call, ast.Name,
    ast.Load, ast.Store, ast.Attribute, ast.List, ast.GeneratorExp, ast.comprehension, ast.Constant,
)  # fmt: skip

_REFUSED: Mapping[type[ast.AST], tuple[str, str]] = {
    ast.Assign: ("one '=' assigns, it does not compare", "write '==' to compare, or '>=' / '<=' for a limit"),
    ast.AnnAssign: ("a colon does not belong in a sentence", "compare with < <= > >= == !="),
    ast.NamedExpr: ("':=' assigns", "compare with < <= > >= == !="),
    ast.Tuple: ("a comma makes a list of two things, and a list counts as true", "write 50_000 or 50k for a number"),
    ast.Subscript: (
        "square brackets after a name are not part of the language",
        "use any(…), all(…), sum(…) over rows",
    ),
    ast.Lambda: ("'lambda' is not part of the language", "write the condition itself"),
    ast.JoinedStr: ("a formatted text is not part of a sentence", "formatted text belongs in 'because'"),
    ast.Starred: ("'*' before a name is not part of the language", "name each thing"),
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


def parse_sentence(text: str) -> Parsed:
    """
    Return the guarded tree of a sentence.

    Raises: SentenceError with one problem: too long, not a sentence, or something the language does not have.
    """
    flat = re.sub(r"[\n\r\t]", " ", text).strip()
    if not flat:
        raise SentenceError(
            Problem("empty-sentence", "the sentence is empty", "write a condition, such as loss >= 10k", (0, 1))
        )
    if len(flat) > MAX_LENGTH:
        message = f"the sentence has {len(flat)} characters; {MAX_LENGTH} are allowed"
        raise SentenceError(Problem("sentence-too-long", message, "split it into an all: or any: block", (0, 20)))
    _refuse_separators(flat)
    masked, literals = _mask_literals(flat)
    _refuse_nesting(masked)
    parsed = Parsed(flat, _parse(masked, flat), literals, masked.encode())
    _guard(parsed)
    return parsed


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
    return re.sub(r"'[^']*'|\"[^\"]*\"", lambda match: " " * len(match.group()), text)


def _mask_literals(text: str) -> tuple[str, dict[int, Literal]]:
    literals: dict[int, Literal] = {}

    def mask(match: re.Match[str]) -> str:
        if match["text"] is not None:
            return match.group()
        if match["odd"] is not None:
            message = f"'{match['odd']}' is not a number of the language"
            hint = "write 50k, 2 lakh, 10_000, 5%, 30s, 5m or 14:45"
            raise SentenceError(Problem("bad-literal", message, hint, (match.start(), len(match.group()))))
        token = match["time"] or match["duration"] or match["percent"] or match["number"]
        literal = parse_literal(token)
        if literal is None:
            message = f"'{token}' is not a value of the language"
            raise SentenceError(Problem("bad-literal", message, "times run to 24:00", (match.start(), len(token))))
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
    column = text.find("=") if isinstance(statement, ast.Assign) else 0
    raise SentenceError(Problem("not-in-the-language", refused[0], refused[1], (max(0, column), 1)))


def _syntax_problem(error: SyntaxError, text: str, column: int) -> Problem:
    for spelled, right in (
        ("&&", "and"),
        ("||", "or"),
        ("<>", "!="),
        ("=>", ">="),
        ("=<", "<="),
        ("≥", ">="),
        ("≤", "<="),
    ):
        at = text.find(spelled)
        if at >= 0:
            return Problem(
                "not-in-the-language", f"'{spelled}' is not part of the language", f"write {right}", (at, len(spelled))
            )
    bang = re.search(r"!(?!=)", text)
    if bang:
        return Problem("not-in-the-language", "'!' is not part of the language", "write not", (bang.start(), 1))
    single = re.search(r"(?<![<>=!])=(?!=)", text)
    if (single and "cannot assign" in (error.msg or "")) or (single and "Maybe you meant" in (error.msg or "")):
        message, hint = _REFUSED[ast.Assign]
        return Problem("not-in-the-language", message, hint, (single.start(), 1))
    return Problem("not-a-sentence", f"this cannot be read: {error.msg}", "see rekha explain sentence", (column, 1))


def _guard(parsed: Parsed) -> None:
    count = 0
    stack: list[tuple[ast.AST, int]] = [(parsed.root, 0)]
    while stack:
        node, depth = stack.pop()
        count += 1
        if count > MAX_NODES or depth > 40:
            message = "the sentence has too many parts"
            raise SentenceError(
                Problem("sentence-too-deep", message, "split it into a block", parsed.span(parsed.root))
            )
        if not isinstance(node, _ALLOWED):
            default = (f"'{type(node).__name__}' is not part of the language", "name facts and compare them")
            message, hint = _REFUSED.get(type(node), default)
            anchor = node if hasattr(node, "col_offset") else parsed.root
            raise SentenceError(Problem("not-in-the-language", message, hint, parsed.span(anchor)))
        _guard_mixed(node, parsed)
        stack.extend((child, depth + 1) for child in ast.iter_child_nodes(node))


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
