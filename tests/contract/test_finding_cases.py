"""What every case store promises to find, list and page through."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain import ids
from chalicelib.domain.case import CaseStatus, ContactKind
from chalicelib.domain.case_list import CaseFilter
from chalicelib.domain.errors import BadField
from tests.builders import NOW, TODAY, a_draft, change_of
from tests.contract.made_cases import debt, do, pays
from tests.contract.test_effort import a_call


def test_a_case_is_found_by_everything_known_of_it(stores, make):
    file = make("D-77", name="María Ñandú", tax_id="RFC1")
    do(stores, file, lambda d: d.put_contact(ContactKind.EMAIL, "ana@example.mx"))
    pid = stores.portfolio.portfolio_id

    for kind, value in [
        ("tax", "RFC1"),
        ("debt", "D-77-1"),
        ("phone", "+525512345678"),
        ("email", "ana@example.mx"),
        ("debtor", "D-77"),
    ]:
        assert [head.case_id for head in stores.cases.find(pid, kind, value)] == [file.head.case_id]
        assert not stores.cases.find(pid, kind, value + "9")
        assert not stores.cases.find("prt_other", kind, value)
    assert stores.cases.cases_of_debts(pid, ["D-77-1", "nope"]) == {"D-77-1": file.head.case_id}


def test_everybody_with_a_phone_is_found(stores, make):
    files = [make(f"D-{n}") for n in range(3)]

    found = stores.cases.find(stores.portfolio.portfolio_id, "phone", "+525512345678")

    assert {head.case_id for head in found} == {file.head.case_id for file in files}


def test_what_is_no_longer_so_does_not_find_the_case(stores, make):
    file = make("D-1", tax_id="OLD")
    phone = file.contacts[0].contact_id
    do(
        stores, file,
        lambda d: d.describe(tax_id="NEW", name="Rosa Díaz"),
        lambda d: d.remove_contact(phone),
    )  # fmt: skip
    pid = stores.portfolio.portfolio_id

    assert not stores.cases.find(pid, "tax", "OLD")
    assert not stores.cases.find(pid, "phone", "+525512345678")
    assert stores.cases.by_name(pid, "perez").items == ()
    assert stores.cases.by_name(pid, "rosa").items == (("ROSA", file.head.case_id),)


def test_a_void_case_is_opened_by_id_and_by_nothing_else(stores, make):
    file = make("D-1", tax_id="RFC1")
    do(stores, file, lambda d: d.undo_upload("upl_test"))
    pid = stores.portfolio.portfolio_id

    assert stores.cases.open(file.head.case_id).head.status is CaseStatus.VOID
    for kind, value in [
        ("tax", "RFC1"), ("debt", "D-1-1"), ("phone", "+525512345678"), ("debtor", "D-1"),
    ]:  # fmt: skip
        assert not stores.cases.find(pid, kind, value)
    assert stores.cases.by_name(pid, "perez").items == ()
    assert stores.cases.list(pid).items == ()
    assert stores.counters.read(pid).totals == {}


def test_names_are_found_by_the_beginning_of_any_word_in_any_spelling(stores, make):
    maria = make("D-1", name="María  José Ñandú").head.case_id
    mariana = make("D-2", name="MARIANA DE LA CRUZ").head.case_id
    make("D-3", name="Pedro Li")
    pid = stores.portfolio.portfolio_id

    def found(words):
        return [case_id for _, case_id in stores.cases.by_name(pid, words).items]

    assert found("maría") == [maria, mariana]
    assert found("MARIAN") == [mariana]
    assert found("nandu") == [maria]
    assert len(found("li")) == 1
    assert found("zzz") == []
    with pytest.raises(BadField):
        found("¿?")


def test_a_name_search_pages(stores, make):
    wanted = {make(f"D-{n}", name=f"Ana {chr(65 + n)}uno").head.case_id for n in range(5)}
    pid = stores.portfolio.portfolio_id

    seen, cursor, pages = [], None, 0
    while True:
        page = stores.cases.by_name(pid, "ana", cursor=cursor, limit=2)
        seen += [case_id for _, case_id in page.items]
        pages += 1
        cursor = page.cursor
        if cursor is None:
            break

    assert (len(seen), set(seen), pages) == (5, wanted, 3)


def walked(stores, limit, **asked):
    seen, cursor = [], None
    while True:
        page = stores.cases.list(stores.portfolio.portfolio_id, cursor=cursor, limit=limit, **asked)
        assert len(page.items) <= limit
        seen += page.items
        cursor = page.cursor
        if cursor is None:
            return seen


@pytest.fixture
def a_town(stores):
    """Twenty cases with different names, dates, balances and cities; one owes nothing."""
    portfolio = stores.portfolio
    changes = []
    for n in range(20):
        due_on = TODAY - timedelta(days=5 * ((n * 7) % 20))
        owed = debt(portfolio, f"F-{n}", due_on=due_on, stated_principal_minor=100 * n + 100)
        name, city = f"{chr(65 + (n * 3) % 20)}na Pérez", "Mérida" if n % 2 else "Cancún"
        draft = a_draft(owed, portfolio=portfolio, key=f"D-{n}", name=name, city=city)
        if n == 4:
            pays(100 * n + 100)(draft)
        if n in (5, 6):
            draft.set_tags(["vip"])
        if n % 5 == 0:
            draft.give_to("ana")
        changes.append(change_of(draft))
    assert stores.cases.commit_many(changes) == [None] * 20


@pytest.mark.usefixtures("a_town")
@pytest.mark.parametrize(
    ("sort", "limit"),
    [("due", 1), ("-due", 7), ("balance", 50), ("-balance", 7), ("name", 7), ("-name", 19)],
)
def test_a_list_holds_every_case_once_and_in_order(stores, sort, limit):
    lines = walked(stores, limit, sort=sort)

    keys = {
        "due": lambda line: line.oldest_due_on or date.max,
        "balance": lambda line: line.balance_minor,
        "name": lambda line: line.name,
    }
    key = keys[sort.removeprefix("-")]
    assert len({line.case_id for line in lines}) == len(lines) == 20
    assert [key(line) for line in lines] == sorted(map(key, lines), reverse=sort.startswith("-"))


FILTERS = [
    (CaseFilter(city="merida"), 10),
    (CaseFilter(status=CaseStatus.SETTLED), 1),
    (CaseFilter(tag="vip"), 2),
    (CaseFilter(min_minor=1_001), 10),
    (CaseFilter(min_minor=1, max_minor=300), 3),
    (CaseFilter(due_from=TODAY - timedelta(days=10), due_to=TODAY - timedelta(days=5)), 2),
    (CaseFilter(due_to=TODAY - timedelta(days=50)), 10),
    (CaseFilter(due_from=TODAY), 1),
    (CaseFilter(city="Mérida", min_minor=1_001), 5),
    (CaseFilter(tag="none"), 0),
    (CaseFilter(owner="ana"), 4),
    (CaseFilter(owner="luis"), 0),
    (CaseFilter(owner="none", city="Mérida"), 8),
]


@pytest.mark.usefixtures("a_town")
@pytest.mark.parametrize("sort", ["due", "-balance", "name"])
def test_filters_hold_whatever_the_order(stores, sort):
    for where, number in FILTERS:
        lines = walked(stores, 4, sort=sort, where=where)

        assert len(lines) == number, where
        assert len({line.case_id for line in lines}) == number


@pytest.mark.usefixtures("a_town")
def test_a_line_is_part_of_the_head(stores):
    for line in walked(stores, 50):
        head = stores.cases.open(line.case_id).head
        assert all(getattr(line, name) == getattr(head, name) for name in line.__slots__)


def test_a_list_of_nothing_is_empty(stores):
    page = stores.cases.list(stores.portfolio.portfolio_id)

    assert (page.items, page.cursor) == ((), None)


@pytest.mark.parametrize(("sort", "cursor"), [("colour", None), ("due", "x"), ("due", "bnVsbA")])
def test_a_foreign_sort_or_cursor_is_refused(stores, sort, cursor):
    with pytest.raises(BadField):
        stores.cases.list(stores.portfolio.portfolio_id, sort=sort, cursor=cursor)


def test_a_cursor_of_another_order_is_refused(stores, make):
    for n in range(3):
        make(f"D-{n}")
    cursor = stores.cases.list(stores.portfolio.portfolio_id, sort="due", limit=1).cursor

    with pytest.raises(BadField):
        stores.cases.list(stores.portfolio.portfolio_id, sort="name", cursor=cursor)


@pytest.fixture
def waited_for(stores, a_town):
    """The town's cases, of which some were called: n is days ago, in the order of the list."""
    called = {"D-1": 3, "D-2": 10, "D-3": 30, "D-4": 40}
    for key, days in called.items():
        file = stores.cases.open(ids.case_id(stores.portfolio.portfolio_id, key))
        do(
            stores,
            file,
            lambda d, days=days, key=key: d.record(
                a_call(f"att_{key}", NOW - timedelta(days=days))
            ),
        )
    return [ids.case_id(stores.portfolio.portfolio_id, key) for key in ("D-3", "D-2", "D-1")]


@pytest.mark.parametrize("limit", [1, 4, 50])
def test_cases_left_alone_are_listed_the_longest_waiting_first(stores, waited_for, limit):
    before = CaseFilter(untouched_before=TODAY - timedelta(days=2))
    lines = walked(stores, limit, sort="touched", where=before)

    found = [line.case_id for line in lines]
    assert len(found) == len(set(found)) == 19  # what owes nothing is not among them
    assert found[-3:] == waited_for
    never = [line.oldest_due_on for line in lines[:-3]]
    assert never == sorted(never)
    assert lines[0].name  # the index holds keys alone, the lines are whole
    turned = walked(stores, limit, sort="-touched", where=before)
    assert [line.case_id for line in turned] == found[::-1]


@pytest.mark.parametrize("sort", ["touched", "-touched", "due", "-balance", "name"])
def test_untouched_is_a_filter_like_others_whatever_the_order(stores, waited_for, sort):
    longest, middle, _ = waited_for
    old = CaseFilter(untouched_before=TODAY - timedelta(days=9))

    def found(**narrower):
        where = replace(old, **narrower)
        return {line.case_id for line in walked(stores, 4, sort=sort, where=where)}

    everything = found()
    assert {longest, middle} < everything
    assert len(everything) == 18
    assert len(found(owner="ana")) == 4
    assert len(found(city="Mérida", owner="none")) == 7
    late = found(due_to=TODAY - timedelta(days=50))
    lines = walked(stores, 50, where=old)
    assert late == {one.case_id for one in lines if one.oldest_due_on <= TODAY - timedelta(days=50)}
    assert found(min_minor=10_000) == set()
