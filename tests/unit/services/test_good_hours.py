"""Good hours of one debtor: whose contacts tell, by whose clock, and what the queue does of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.case import Address, PointQuality
from chalicelib.domain.contact import AttemptState, Channel, Direction
from chalicelib.domain.good_hours import DAY, Basis, GoodHours, Group
from chalicelib.domain.priority import QueuePolicy
from chalicelib.geo.cells import cell_of, parent_of
from chalicelib.services import good_hours
from chalicelib.strategies.model import Rule
from tests.builders import an_attempt, change_of, reopened
from tests.queue_world import LUIS, NOON, QueueWorld

MEXICO, TIJUANA = "America/Mexico_City", "America/Tijuana"
CENTRE = (19.4326, -99.1332)
ZONE = parent_of(cell_of(*CENTRE), 6)


def rated(*hours, days=range(1, 8)):
    """Ratings that are 10 at some hours of some weekdays, else 0."""
    return "".join(
        "A" if day in days and hour in hours else "0" for day in range(1, 8) for hour in range(DAY)
    )


def knowing(*groups, last=date(2026, 11, 23)):
    return GoodHours(
        portfolio_id="prt_test",
        first=last - timedelta(days=89),
        last=last,
        days=90,
        made_at=NOON,
        groups=tuple(
            Group(**{"channel": "call", "direct": 60, "tries": 300} | values) for values in groups
        ),
    )


@pytest.fixture
def world():
    return QueueWorld()


def reached_at(world, case_id, *hours, zone=MEXICO):
    """Have the debtor be called at some hours, and be there."""
    file = world.cases.open(case_id)
    draft = reopened(file, world.portfolio, now=world.now - timedelta(days=30))
    for number, hour in enumerate(hours):
        at = datetime(2026, 10, 5 + number, hour, 30, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        draft.record(
            an_attempt(
                f"att_{number}", channel=Channel.CALL, direction=Direction.OUT,
                state=AttemptState.DONE, outcome="answered", sent_at=at, not_before=None,
            )
        )  # fmt: skip
    world.cases.commit(change_of(draft))


def lives(world, case_id, region="CMX", point=CENTRE):
    home = Address(
        address_id="a1", lines="Av. Uno 11", region=region, country="MX", lat=point[0],
        lng=point[1], cell=cell_of(*point), quality=PointQuality.ROOFTOP,
    )  # fmt: skip
    world.cases.files[case_id] = replace(world.cases.files[case_id], addresses=(home,))


def told(world, case_id, known, *, segment="", channel=Channel.CALL, now=NOON):
    return good_hours.of_case(
        world.cases.open(case_id), world.portfolio, channel, segment=segment, known=known, now=now
    )


def local(hour, day=24, zone=MEXICO):
    return datetime(2026, 11, day, hour, 20, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def test_his_own_contacts_go_before_those_of_others(world):
    case_id = world.debtor(1)
    known = knowing({"ratings": rated(11)})

    others = told(world, case_id, known)
    reached_at(world, case_id, 18, 19, 18)
    own = told(world, case_id, known)

    assert (others.basis, others.rating(local(11)), others.rating(local(18))) == (
        Basis.PORTFOLIO, 10, 0,
    )  # fmt: skip
    assert own.basis is Basis.OWN
    assert [own.rating(local(hour)) for hour in (16, 17, 19, 20)] == [0, 10, 10, 0]


def test_the_nearest_group_that_is_known_tells(world):
    case_id = world.debtor(1)
    lives(world, case_id)
    wide, zone = {"ratings": rated(11)}, {"zone": ZONE, "ratings": rated(12)}
    own = {"zone": ZONE, "segment": "seg_1", "ratings": rated(13)}

    assert told(world, case_id, knowing(wide, zone, own), segment="seg_1").basis is Basis.SEGMENT
    assert told(world, case_id, knowing(wide, zone, own), segment="seg_2").basis is Basis.ZONE
    assert told(world, case_id, knowing(wide)).basis is Basis.PORTFOLIO
    assert told(world, case_id, knowing()) is None
    assert told(world, case_id, None) is None
    assert told(world, case_id, knowing(wide), channel=Channel.SMS) is None


def test_what_was_learned_long_ago_is_not_believed(world):
    case_id = world.debtor(1)

    assert told(world, case_id, knowing({"ratings": rated(11)}, last=date(2026, 10, 1))) is None


def test_hours_are_the_debtors_own_where_his_clock_is_known(world):
    """In November it is two hours earlier in Tijuana than in Mexico City; in July one."""
    case_id = world.debtor(1)
    lives(world, case_id, region="BCN", point=(32.5149, -117.0382))
    known = knowing({"ratings": rated(19)})
    unsure = told(world, case_id, known)  # the number is of Mexico City
    file = world.cases.files[case_id]
    phones = tuple(replace(one, value="+526641234567") for one in file.contacts)
    world.cases.files[case_id] = replace(file, contacts=phones)
    found = told(world, case_id, known)

    assert (unsure.zone.key, found.zone.key) == (MEXICO, TIJUANA)
    assert (found.rating(local(19)), found.rating(local(21))) == (0, 10)
    july = datetime(2026, 7, 7, 20, 20, tzinfo=ZoneInfo(MEXICO))
    assert found.rating(july) == 10
    assert good_hours.of_day(found, NOON.date(), MEXICO) == "0" * 21 + "A00"


def test_hours_of_a_zone_are_read_by_the_clock_they_were_counted_by(world):
    case_id, point = world.debtor(1), (32.5149, -117.0382)
    lives(world, case_id, region="BCN", point=point)
    there = {"zone": parent_of(cell_of(*point), 6), "ratings": rated(21)}

    found = told(world, case_id, knowing(there))

    assert (found.basis, found.zone.key, found.rating(local(21))) == (Basis.ZONE, MEXICO, 10)


def test_weekdays_count_and_a_day_without_good_hours_says_nothing(world):
    case_id = world.debtor(1)
    found = told(world, case_id, knowing({"ratings": rated(11, days=(2,))}))

    assert good_hours.of_day(found, date(2026, 11, 24), MEXICO)[11] == "A"
    assert good_hours.of_day(found, date(2026, 11, 25), MEXICO) == ""
    assert good_hours.of_day(None, date(2026, 11, 24), MEXICO) == ""


def test_a_day_on_which_the_clock_changes_has_its_hours(world):
    """In Santiago the clock goes from midnight to one on 6 September 2026."""
    case_id = world.debtor(1)
    found = told(world, case_id, knowing({"ratings": rated(9)}))
    found = replace(found, zone=ZoneInfo("America/Santiago"))

    hours = good_hours.of_day(found, date(2026, 9, 6), "America/Santiago")

    assert (len(hours), hours.index("A"), hours.count("A")) == (24, 9, 1)


# The queue


def north_and_south(world):
    """Two cases alike but for where they are: at noon one zone is reached, at six the other."""
    north, south = world.debtor(1), world.debtor(2)
    lives(world, north)
    lives(world, south, point=(20.6597, -103.3496), region="JAL")
    there = parent_of(cell_of(20.6597, -103.3496), 6)
    world.hours = knowing(
        {"zone": ZONE, "ratings": rated(18)}, {"zone": there, "ratings": rated(12)}
    )
    world.rank()
    return north, south


def test_who_is_reached_at_this_hour_comes_first_and_it_says_why(world):
    north, south = north_and_south(world)

    at_noon = world.next()
    world.act(at_noon.turn.case_id, "release")
    world.now = local(18)
    in_the_evening = world.next()

    assert (at_noon.turn.case_id, in_the_evening.turn.case_id) == (south, north)
    (reason,) = [one for one in at_noon.turn.reasons if one.code == "good_hour"]
    assert (reason.points, reason.value, reason.basis) == (20, 100, "zone")
    assert at_noon.turn.score == sum(one.points for one in at_noon.turn.reasons)


def test_points_of_the_hour_do_not_stay_with_a_case_that_is_given_back(world):
    _, south = north_and_south(world)
    before = world.turns.get(south).score

    world.next()
    back = world.act(south, "release")

    assert (back.score, [one for one in back.reasons if one.code == "good_hour"]) == (before, [])
    assert world.next(LUIS).turn.score == before + 20


def test_a_portfolio_that_gives_it_no_weight_is_not_moved_by_the_hour(world):
    policies = replace(world.portfolio.policies, queue=QueuePolicy(weights={"good_hour": 0}))
    world.portfolio = replace(world.portfolio, policies=policies)
    north_and_south(world)
    orders = []
    for hour in (12, 18):
        world.now = local(hour)
        given = world.next()
        orders.append(given.turn.case_id)
        assert "good_hour" not in {one.code for one in given.turn.reasons}
        world.act(given.turn.case_id, "release")

    assert orders[0] == orders[1]


def test_where_nothing_is_known_the_queue_is_as_it_was(world):
    world.debtor(1)
    world.rank()

    turn = world.next().turn

    assert turn.hours == ""
    assert "good_hour" not in {one.code for one in turn.reasons}


def test_a_segments_hours_are_those_of_its_cases(world):
    world.segments(("seg_1", Rule(op=">=", field="balance", value=0)))
    case_id = world.debtor(1)
    lives(world, case_id)
    world.hours = knowing({"zone": ZONE, "segment": "seg_1", "ratings": rated(12)})
    world.rank()

    reasons = world.next().turn.reasons

    assert [one.basis for one in reasons if one.code == "good_hour"] == ["segment"]


def test_what_comes_back_on_another_day_has_nothing_of_the_first_ones_hours(world):
    _, south = north_and_south(world)
    assert world.turns.get(south).hours[12] == "A"
    world.next()
    world.act(south, "snooze", until=world.now + timedelta(days=1))

    world.now += timedelta(days=1, minutes=1)
    world.next(LUIS)

    assert world.turns.get(south).hours == ""
