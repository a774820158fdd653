"""The `because` text: pieces and placeholders, checked like sentences, rendered after the verdict and never before."""

import re

from engine.policy import ir
from engine.policy.expression import parse_expression
from engine.policy.findings import Report
from engine.policy.program import Template
from engine.policy.scope import Scope
from engine.policy.sentence import Problem, SentenceError
from engine.policy.values import place_in, report_sentence
from engine.policy.yaml_text import TAGGED, Node, Scalar

_HOLE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def compile_because(node: Node | None, scope: Scope, report: Report) -> Template | None:
    """Return the template of a `because`, or None with findings; `{{` and `}}` are plain braces."""
    if not isinstance(node, Scalar) or not node.text or node.style == TAGGED:
        return None
    pieces: list[str | tuple[str, ir.Node]] = []
    position, sound = 0, True
    for match in _HOLE.finditer(node.text):
        pieces.append(node.text[position : match.start()])
        position = match.end()
        if match.group() in ("{{", "}}"):
            pieces.append(match.group()[0])
        elif match[1] is None:
            report.error(
                "bad-because",
                place_in(node, (match.start(), 1)),
                f"'{match.group()}' stands alone",
                "write {{ or }} for a brace",
            )
            sound = False
        else:
            sound &= _hole(match, node, scope, report, pieces)
    pieces.append(node.text[position:])
    kept = tuple(piece for piece in pieces if piece)
    return Template(kept) if sound else None


def _hole(
    match: re.Match[str], node: Scalar, scope: Scope, report: Report, pieces: list[str | tuple[str, ir.Node]]
) -> bool:
    try:
        pieces.append((match[1].strip(), parse_expression(match[1], scope)))
    except SentenceError as error:
        problem = error.problem
        lead = len(match[1]) - len(match[1].lstrip())
        at = (match.start(1) + lead + problem.at[0], problem.at[1])
        report_sentence(SentenceError(Problem(problem.code, problem.message, problem.hint, at)), node, report)
        return False
    return True
