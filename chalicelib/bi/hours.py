# ruff: noqa: S608 - the SQL is made of the pieces below; what is asked enters checked
"""
Attempts by hour of the week, of a portfolio, its zones, and its segments in each zone.

The same attempts and the same direct contacts as the figure ``contact_hours`` tells; a zone is
the hexagon of 36 square kilometres in which the case lies. Groups that are too small to say
anything do not leave the engine.
"""

from chalicelib.bi.kpi_sql import DIRECT, END
from chalicelib.bi.measures import RANGE
from chalicelib.domain.good_hours import DAY, LEAST_DIRECT, LEAST_TRIES, WEEK

MOST_GROUPS = 200  # the largest; what a portfolio keeps of them is one row
MOST_ROWS = MOST_GROUPS * WEEK * DAY
COLUMNS = ("segment", "zone", "channel", "weekday", "hour", "direct", "tries")


def _level(number: int, segment: str, zone: str, where: str) -> str:
    keys = ", ".join(one for one in (segment, zone) if one != "''")
    return (
        f"SELECT {number} AS level, {segment} AS segment, {zone} AS zone, channel, weekday, hour,"
        f" sum(hit) AS direct, count(*) AS tries FROM tried{where}"
        f" GROUP BY {keys + ', ' if keys else ''}channel, weekday, hour"
    )


_LEVELS = (
    _level(0, "''", "''", ""),
    _level(1, "''", "zone", " WHERE zone <> ''"),
    _level(2, "segment", "zone", " WHERE zone <> '' AND segment <> ''"),
)
SQL = (
    f"WITH placed AS (SELECT case_id AS home, district, segment FROM places WHERE {END}),"
    " tried AS (SELECT channel, weekday, hour, coalesce(district, '') AS zone,"
    f" coalesce(segment, '') AS segment, CASE WHEN {DIRECT} THEN 1 ELSE 0 END AS hit"
    " FROM attempts LEFT JOIN placed ON placed.home = attempts.case_id"
    f" WHERE {RANGE} AND direction = 'out' AND made),"
    f" told AS ({' UNION ALL '.join(_LEVELS)}),"
    " enough AS (SELECT level, segment, zone, channel, sum(tries) AS size FROM told"
    " GROUP BY level, segment, zone, channel"
    f" HAVING sum(direct) >= {LEAST_DIRECT} AND sum(tries) >= {LEAST_TRIES}"
    f" ORDER BY level, size DESC, segment, zone, channel LIMIT {MOST_GROUPS})"
    " SELECT told.segment, told.zone, told.channel, told.weekday, told.hour, told.direct,"
    " told.tries FROM told JOIN enough ON enough.level = told.level"
    " AND enough.segment = told.segment AND enough.zone = told.zone"
    " AND enough.channel = told.channel ORDER BY 1, 2, 3, 4, 5"
)
