"""The machine form of a dry run: one object per account, policy and row. Others script against these keys."""

from collections.abc import Iterable, Mapping
from typing import Any

from engine.cli.blast_text import Beyond
from engine.cli.blocks_text import blocks_as_json, orphans_as_json
from engine.cli.targets_text import targets_as_json, together_as_json
from engine.cli.tried import Tried
from engine.core.blast import Admission
from engine.core.distance import Distance
from engine.core.evaluate import Evaluation, Result
from engine.domain.block import Block
from engine.domain.enums import Mode, Verdict
from engine.domain.kinds import Kind, Type, canonical_value, unit_of
from engine.domain.numbers import canonical
from engine.domain.values import Unknown, Value
from engine.facts.base import View
from engine.policy.meaning import Trace


def tried_as_json(tried: Tried, beyond: Beyond) -> list[dict[str, Any]]:
    """
    Return every result by account, an account's own first, then those of groups; of each in file order.

    Exact numbers are text, instants ISO-8601 in the account's zone. beyond: decisions of any account that lie beyond
    their policy's blast radius. The last of an account, without a policy, holds the blocks that no result stands for,
    if there are any. Members of a group that no reading was given of come at the end.
    """
    rows: list[dict[str, Any]] = []
    for name, evaluation in tried.evaluations.items():
        beside = tried.beside(name)
        merged = together_as_json(evaluation, beside)
        view, blocks = evaluation.view, evaluation.blocks
        rows += [_result(result, view, evaluation, beyond, merged, blocks) for result in evaluation.results]
        rows += [
            _result(one.results[name], one.views[name], evaluation, beyond, merged, beside.blocks, one.group.name)
            for one in tried.groups
            if name in one.results
        ]
        orphans = orphans_as_json(evaluation)
        if orphans:
            rows.append({**dict.fromkeys(_KEYS), "account": name, "blocks": orphans})
    for one in tried.groups:
        for name, result in one.results.items():
            if name not in tried.evaluations:
                blocks = tried.beside(name).blocks
                rows.append(_result(result, one.views[name], None, beyond, {}, blocks, one.group.name))
    return rows


_KEYS = (
    "account", "policy", "row", "group", "mode", "verdict", "condition", "since", "distance", "would", "targets",
    "together", "blast_radius", "blocks", "because", "note", "trace",
)  # fmt: skip


def _result(
    result: Result,
    view: View,
    evaluation: Evaluation | None,
    beyond: Beyond,
    merged: Mapping[Mode, list[dict[str, Any]]],
    blocks: Iterable[Block],
    group: str | None = None,
) -> dict[str, Any]:
    verdict = result.verdict
    admission = beyond.get((view.account.id, result.policy.name, result.row)) if verdict is Verdict.FIRES else None
    return {
        "account": view.account.id,
        "policy": result.policy.name,
        "row": result.row,
        "group": group,
        "mode": result.mode.value,
        "verdict": None if verdict is None else verdict.value,
        "condition": result.condition.value,
        "since": result.since.astimezone(view.account.zone).isoformat() if result.since is not None else None,
        "distance": [_distance(distance, view) for distance in result.distances],
        "would": list(result.would),
        "targets": [] if evaluation is None else targets_as_json(result, evaluation),
        "together": merged.get(result.mode) if verdict is Verdict.FIRES else None,
        "blast_radius": None if admission is None else _beyond(admission),
        "blocks": blocks_as_json(blocks, result, view),
        "because": result.because,
        "note": result.note or None,
        "trace": None if result.trace is None else trace_as_json(result.trace, view),
    }


def _beyond(admission: Admission) -> dict[str, Any]:
    number, most = admission.account_number, admission.most
    return {"passage": admission.passage.value, "account_number": number, "most": most}


def value_as_json(value: Value, type_: Type, view: View) -> dict[str, Any]:
    """Return `{value, unit}`, and for what is unknown its cause and, for a number, the bounds (null is unbounded)."""
    form: dict[str, Any] = {
        "value": canonical_value(value, type_, view.account.zone),
        "unit": unit_of(type_, view.account.currency),
    }
    if isinstance(value, Unknown):
        if value.low is not None or value.high is not None:
            form["low"] = None if value.low is None else canonical(value.low)
            form["high"] = None if value.high is None else canonical(value.high)
        form["unknown"] = value.cause
    return form


def trace_as_json(trace: Trace, view: View) -> dict[str, Any]:
    """Return a trace tree: what each part of a condition was, and when it was read."""
    form: dict[str, Any] = {"kind": trace.kind, "text": trace.text, **value_as_json(trace.value, trace.type, view)}
    if trace.type.kind is Kind.BOOL:
        form["value"] = trace.truth.value
    if trace.read_at is not None:
        form["as_of"] = trace.read_at.astimezone(view.account.zone).isoformat()
    if trace.note:
        form["operator" if trace.kind in ("compare", "arithmetic") else "note"] = trace.note
    if trace.pointer:
        form["path"] = trace.pointer
    if trace.children:
        form["parts"] = [trace_as_json(child, view) for child in trace.children]
    return form


def _distance(distance: Distance, view: View) -> dict[str, Any]:
    zone = view.account.zone
    return {
        "sentence": distance.sentence,
        "path": distance.pointer,
        "is": canonical_value(distance.actual, distance.type, zone),
        "limit": canonical_value(distance.limit, distance.type, zone),
        "by": None if distance.known_by is None else canonical(distance.known_by),
        "unit": unit_of(distance.by_type, view.account.currency),
        **({"row": distance.row} if distance.row is not None else {}),
    }
