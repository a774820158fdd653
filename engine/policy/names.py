"""Words of a sentence that name nothing here: what each one is instead, and what the author may have meant."""

from engine.facts.base import RowSpec
from engine.policy import ir, tables
from engine.policy.findings import suggestion
from engine.policy.scope import Scope
from engine.policy.sentence import FOLLOWS, Problem, SentenceError
from engine.policy.type_rules import with_article

# What an author may write for a truth; a sentence has no word for it.
_TRUTHS = frozenset({"yes", "no", "true", "false", "on", "off"})


def is_taken(scope: Scope, word: str) -> bool:
    """Return whether a word already means something, so that no row may be called so."""
    catalogue = scope.catalogue
    prefixes = (name.split(".")[0] for name in catalogue.facts if "." in name)
    return word in (*scope.names(), *scope.functions(), *prefixes) or catalogue.singular(word) is not None


def unknown_word(scope: Scope, word: str, at: ir.Span) -> SentenceError:
    """Return the error for a word that is neither fact nor value."""
    later, catalogue = scope.later, scope.catalogue
    if word in later.facts or word in later.rows:
        return _later(word, at)
    if scope.is_broken(word):
        return _follows(at)
    if word in scope.functions():
        return _error("wrong-arguments", f"'{word}' is a function", scope.functions()[word], at)
    if word.startswith("_"):
        return _error("unknown-fact", f"'{word}': names do not start with an underscore", None, at)
    if word in catalogue.rows:
        return _error("unknown-fact", f"'{word}' is rows, not a fact", f"as in any(p.loss >= 5k for p in {word})", at)
    rows = catalogue.singular(word)
    if rows is not None:
        return _error("unknown-fact", f"'{word}' is rows, not a fact", _how_to_bind(rows, word[:1]), at)
    if word.lower() in _TRUTHS:
        itself = "a condition is true by itself: leave the comparison out, write not for the opposite"
        return _error("unknown-fact", f"'{word}' is not part of a sentence", itself, at)
    hint = _of_row(scope, word) or suggestion(word, scope.names())
    if not scope.values and "_" in word:
        no_values = f"if '{word}' is a desk value: there is no values.yaml beside this policy"
        hint = f"{hint} {no_values}" if hint else no_values
    return _error("unknown-fact", f"unknown fact '{word}'", hint, at)


def unknown_dotted(scope: Scope, base: str, field: str, at: ir.Span) -> SentenceError:
    """Return the error for `base.field` where `base` is no row bound here."""
    dotted = f"{base}.{field}"
    if base in scope.values:
        table = scope.values[base]
        if isinstance(table, ir.Table):
            return tables.without_key(base, table, at)
        return _error("unknown-fact", f"'{base}' is a value, nothing stands behind a dot", f"write {base} alone", at)
    if scope.is_broken(base):
        return _follows(at)
    rows = scope.catalogue.singular(base) or _kinds(scope).get(base)
    of_row = _of_row(scope, field, rows)
    if of_row is not None and base not in scope.later.rows:
        return _error("unknown-fact", f"unknown fact '{dotted}'", of_row, at)
    if rows is not None and base == rows.plural and not rows.spans_accounts:
        hint = _how_to_bind(rows, f"{base[:1]}.{field}")
        return _error("unknown-fact", f"'{base}' is rows, not a fact", hint, at)
    if rows is not None and rows.spans_accounts:
        hint = f"write for_each: {rows.singular}; its figures stand in when, clear_when and because"
        return _error("unknown-fact", f"there is no {rows.singular} here", hint, at)
    if rows is not None:
        hint = _how_to_bind(rows, f"{base[:1]}.{field}")
        return _error("unknown-fact", f"there is no single {base} here", hint, at)
    if base in scope.later.rows or dotted in scope.later.facts:
        return _later(dotted, at)
    close = suggestion(dotted, [name for name in scope.catalogue.facts if "." in name])
    return _error("unknown-fact", f"unknown fact '{dotted}'", close or suggestion(base, scope.names()), at)


def _kinds(scope: Scope) -> dict[str, RowSpec]:
    return {**scope.catalogue.rows, **scope.catalogue.shared}


def _of_row(scope: Scope, field: str, rows: RowSpec | None = None) -> str | None:
    """Return how a field is written of a row bound here, of one kind where it must be; None when there is none."""
    for variable, bound in scope.variables.items():
        if field in bound.fields and (rows is None or rows.plural == bound.plural):
            return f"write {variable}.{field}"
    return None


def _how_to_bind(rows: RowSpec, asked: str) -> str:
    asking = f"ask any({asked} … for {rows.singular[:1]} in {rows.plural})"
    return f"add for_each: {rows.singular}, or {asking}" if rows.latches else asking


def unknown_field(scope: Scope, rows: RowSpec, field: str, at: ir.Span) -> SentenceError:
    """Return the error for a field that a kind of rows does not have."""
    if field in scope.later.fields or f"{rows.singular}.{field}" in scope.later.fields:
        return _later(f"{rows.singular}.{field}", at)
    hint = suggestion(field, rows.fields) or f"see rekha explain fact {rows.singular}"
    return _error("unknown-field", f"unknown field '{field}' of {with_article(rows.singular)}", hint, at)


def unknown_function(scope: Scope, word: str, at: ir.Span) -> SentenceError:
    """Return the error for a call of something that is no function."""
    if word in scope.broken:
        return _follows(at)
    if word in scope.values:
        return _error("unknown-function", f"'{word}' is one value, not a table", f"write {word} alone", at)
    functions = scope.functions()
    asked = (*functions, *(name for name, value in scope.values.items() if isinstance(value, ir.Table)))
    hint = suggestion(word, asked) or f"functions are {', '.join(functions)}"
    return _error("unknown-function", f"unknown function '{word}'", hint, at)


def unknown_rows(scope: Scope, word: str, at: ir.Span) -> SentenceError:
    """Return the error for rows there are none of."""
    if word in scope.later.rows:
        return _later(word, at)
    rows, shared = scope.catalogue.rows, scope.catalogue.shared
    if word in shared:
        singular = shared[word].singular
        hint = f"add for_each: {singular} and write {singular}.loss"
        return _error("unknown-rows", f"'{word}' are made of several accounts: no sentence runs over them", hint, at)
    hint = suggestion(word, rows) or f"one of {', '.join(rows)}"
    return _error("unknown-rows", f"there are no rows called '{word}'", hint, at)


def _later(word: str, at: ir.Span) -> SentenceError:
    return _error("comes-later", f"'{word}' is known to the language and comes later", None, at)


def _follows(at: ir.Span) -> SentenceError:
    return _error(FOLLOWS, "a value that cannot be read", None, at)


def _error(code: str, message: str, hint: str | None, at: ir.Span) -> SentenceError:
    return SentenceError(Problem(code, message, hint, at))
