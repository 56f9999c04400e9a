"""What is stored, so that a test can say what moved: how many rows and versions each table of the service has."""

from tests.conftest import World

_TABLES = """select c.table_name, bool_or(c.column_name = 'version') as versioned
  from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
 where c.table_schema = 'support' and t.table_type = 'BASE TABLE' and c.table_name not like 'audit%'
 group by c.table_name"""


async def versions(world: World) -> dict[str, tuple[int, int]]:
    """By table: its rows, and the sum of their versions. The trail is left out: refusals belong in it."""
    tables = await world.sql(_TABLES)
    each = (
        f"select '{t['table_name']}' as name, count(*) as n, {'coalesce(sum(version), 0)' if t['versioned'] else '0'}"
        f" as v from support.{t['table_name']}"
        for t in tables
    )
    return {row["name"]: (row["n"], row["v"]) for row in await world.sql(" union all ".join(each))}


def moved(before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """By table that differs: rows and versions gained."""
    return {name: (after[name][0] - n, after[name][1] - v) for name, (n, v) in before.items() if after[name] != (n, v)}
