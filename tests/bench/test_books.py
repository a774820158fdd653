"""Both books mean the same to the engine, to the functions written by hand and to every peer that is installed."""

import pytest

from bench.books import AGGREGATE, BOOKS, FLAT, Book, load_book, many, rows_first
from bench.by_hand import BASELINE, HANDS
from bench.days import seen_day, seen_days
from bench.hand_many import function_of
from bench.peers.table import PEERS
from bench.rekha import OURS, TREE
from bench.subject import Subject, made_ready
from engine.domain.values import Unknown

DAYS = 50
EVERYBODY = [*HANDS, *OURS, *PEERS]


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_few_policies_fire_and_not_always_the_same(book: Book) -> None:
    loaded = load_book(book)
    fired = [made_ready(TREE, loaded).fired(day) for day in seen_days(loaded, DAYS)]
    share = sum(map(len, fired)) / (DAYS * len(book.rules))
    assert len(loaded.program.policies) == len(book.rules) == 25
    assert 0.05 <= share <= 0.15
    assert len(set().union(*fired)) >= 20


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
@pytest.mark.parametrize("subject", EVERYBODY, ids=lambda subject: subject.name)
def test_all_say_the_same(subject: Subject, book: Book) -> None:
    if subject.version() is None:
        pytest.skip(f"{subject.name} is not installed")
    loaded = load_book(book)
    expected, ready = made_ready(TREE, loaded), made_ready(subject, loaded)
    for day in (*seen_days(loaded, DAYS), *seen_days(loaded, 10, legs=5)):
        assert ready.fired(ready.facts_for(day)) == expected.fired(day)


def test_the_written_functions_are_the_generated_ones() -> None:
    for book in BOOKS:
        loaded = load_book(book)
        written, generated = made_ready(BASELINE, loaded), function_of(book)
        for day in seen_days(loaded, DAYS):
            facts = written.facts_for(day)
            assert written.fired(facts) == generated(*facts)


def test_a_larger_book_is_the_same_with_other_limits() -> None:
    book = many(AGGREGATE, 110)
    texts = [rule.when for rule in book.rules]
    assert book.rules[:25] == AGGREGATE.rules
    assert len(set(texts)) == len({rule.name for rule in book.rules}) == 110
    loaded = load_book(book)
    hand, tree = made_ready(BASELINE, loaded), made_ready(TREE, loaded)
    for day in seen_days(loaded, 5):
        assert hand.fired(hand.facts_for(day)) == tree.fired(day)


def test_the_first_ten_of_a_turned_book_read_rows() -> None:
    turned = rows_first(AGGREGATE)
    assert all(" in positions" in rule.text for rule in turned.rules[:10])
    assert sorted(turned.rules) == sorted(AGGREGATE.rules)


def test_the_same_seed_is_the_same_day_and_a_fact_can_be_taken_from_it() -> None:
    loaded = load_book(FLAT)
    day = seen_day(7, loaded)
    assert day == seen_day(7, loaded)
    assert isinstance(day.without("loss").fact("loss"), Unknown)
    assert day.without("loss").fact("mtm") == day.fact("mtm")
