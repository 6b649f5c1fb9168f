"""Handing cases out evenly: who keeps what, who gets what, the same however it is asked."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.handing_out import NOBODY, Share, shared, takers

PEOPLE = st.lists(st.tuples(st.sampled_from("abcÁz"), st.integers(0, 40)), min_size=2, max_size=6)


@st.composite
def lists(draw):
    """People with open cases beside the list, and whose each case of the list is now."""
    drawn = draw(PEOPLE)
    holders = draw(st.lists(st.integers(NOBODY, len(drawn) - 1), max_size=60))
    held = Counter(holders)
    people = [
        Share(person_id=f"p{n}", name=name, has=beside + held[n], held=held[n])
        for n, (name, beside) in enumerate(drawn)
    ]
    return people, holders


def one_by_one(people, holders):
    """Slow and obvious: everybody keeps what falls to them, the rest goes to who has least."""
    shares = shared(people, len(holders))
    load = {one.person_id: one.beside + one.keeps for one in shares}
    kept, found = Counter(), []
    for holder in holders:
        if holder != NOBODY and kept[holder] < shares[holder].keeps:
            kept[holder] += 1
            found.append(shares[holder].person_id)
            continue
        least = min(shares, key=lambda s: (load[s.person_id], s.name.casefold(), s.person_id))
        load[least.person_id] += 1
        found.append(least.person_id)
    return found


def all_at_once(people, holders):
    shares = shared(people, len(holders))
    return takers(shares, holders, [0] * (len(shares) + 1))


@given(lists())
def test_each_case_goes_to_who_has_least_when_its_turn_comes(world):
    assert all_at_once(*world) == one_by_one(*world)


@given(lists())
def test_everybody_gets_what_was_told_and_comes_out_even(world):
    people, holders = world
    shares = shared(people, len(holders))
    got = Counter(all_at_once(people, holders))

    assert {one.person_id: one.share for one in shares if one.share} == got
    assert sum(one.share for one in shares) == len(holders)
    full = [one for one in shares if one.share > 0]
    least = min(one.after for one in shares)
    assert all(one.after <= least + 1 for one in full)


@given(lists(), st.integers(0, 60))
def test_part_of_the_list_goes_as_in_the_whole(world, cut):
    people, holders = world
    seen = Counter(holders[:cut])
    before = [*(seen[n] for n in range(len(people))), seen[NOBODY]]

    assert (
        takers(shared(people, len(holders)), holders[cut:], before)
        == (all_at_once(people, holders)[cut:])
    )


@given(lists())
def test_what_is_even_stays_where_it_is(world):
    people, holders = world
    places = {one.person_id: n for n, one in enumerate(people)}
    after = [places[key] for key in all_at_once(people, holders)]
    held = Counter(after)
    again = [
        Share(person_id=p.person_id, name=p.name, has=p.beside + held[n], held=held[n])
        for n, p in enumerate(people)
    ]

    assert [places[key] for key in all_at_once(again, after)] == after


@given(lists(), st.randoms())
def test_in_which_order_people_were_chosen_makes_no_difference(world, random):
    people, holders = world
    order = list(range(len(people)))
    random.shuffle(order)
    turned = [NOBODY if h == NOBODY else order.index(h) for h in holders]

    assert all_at_once([people[n] for n in order], turned) == all_at_once(people, holders)


def test_a_counter_that_lags_takes_nothing_from_anybody():
    lagging = Share(person_id="a", name="Ana", has=1, held=3)
    other = Share(person_id="b", name="Beto", has=5, held=0)

    first, second = shared([lagging, other], 4)

    assert (first.share, first.gives, first.after) == (4, 0, 4)
    assert (second.share, second.after) == (0, 5)
