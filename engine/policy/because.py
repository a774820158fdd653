"""The `because` text: pieces and placeholders, checked like sentences, rendered after the verdict and never before."""

import re
from collections.abc import Iterable, Mapping

from engine.domain.kinds import Type
from engine.policy import ir
from engine.policy.expression import parse_expression
from engine.policy.findings import Report
from engine.policy.groups import check_is_of_group
from engine.policy.program import Template
from engine.policy.scope import Scope
from engine.policy.sentence import Problem, SentenceError
from engine.policy.units import settled
from engine.policy.values import place_in, report_sentence
from engine.policy.yaml_text import TAGGED, Node, Scalar

_HOLE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def compile_because(node: Node | None, scope: Scope, conditions: Iterable[ir.Node], report: Report) -> Template | None:
    """
    Return the template of a `because`, or None with findings; `{{` and `}}` are plain braces.

    conditions: of the same policy; a value without a unit is shown with the unit it has there.
    """
    if not isinstance(node, Scalar) or not node.text or node.style == TAGGED:
        return None
    used = {part.name: part.type for tree in conditions for part in ir.walk(tree) if isinstance(part, ir.ValueRef)}
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
            sound &= _hole(match, node, scope, report, pieces, used)
    pieces.append(node.text[position:])
    kept = tuple(piece for piece in pieces if piece)
    return Template(kept) if sound else None


def _hole(
    match: re.Match[str],
    node: Scalar,
    scope: Scope,
    report: Report,
    pieces: list[str | tuple[str, ir.Node]],
    used: Mapping[str, Type],
) -> bool:
    try:
        read = parse_expression(match[1], scope)
        check_is_of_group(read, scope)
        names = [part.name for part in ir.walk(read) if isinstance(part, ir.ValueRef)]
        unit = next((used[name] for name in names if name in used), None)
        pieces.append((match[1].strip(), read if unit is None else settled(read, unit, scope.values)))
    except SentenceError as error:
        problem = error.problem
        lead = len(match[1]) - len(match[1].lstrip())
        at = (match.start(1) + lead + problem.at[0], problem.at[1])
        report_sentence(SentenceError(Problem(problem.code, problem.message, problem.hint, at)), node, report)
        return False
    return True
