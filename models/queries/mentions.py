"""The newest conversations with a mail whose subject mentions some words, however many mails there are and do.

Where words are indexed, those of the newest mails are looked for stretch by stretch, so that a word many share is found enough
soon; one that is rare there is then looked for in the index of all.
"""

from __future__ import annotations

from typing import Any

from models.database import Postgres

MOST = 500
BITS = 13  # of an interaction's number are one stretch, as migration 0003 indexes it
NEAR = 12  # stretches; a word in one of 200 of their mails is found enough there
_KNOWN = "SELECT max(interaction), to_regclass('{table}_subject_words') IS NOT NULL FROM {table}"
_NEAR = f"""
SELECT found.interaction FROM generate_series(%s::bigint, %s, -1) AS stretch, LATERAL (
    SELECT interaction FROM {{table}} WHERE (interaction >> {BITS}) = stretch AND subject ILIKE %s
    ORDER BY interaction + 0 DESC OFFSET 0
) AS found LIMIT %s
"""
_ALL = """
SELECT interaction FROM (SELECT interaction FROM {table} WHERE subject ILIKE %s OFFSET 0) AS found
WHERE interaction IS NOT NULL ORDER BY interaction DESC LIMIT %s
"""


def newest(mail: Any, words: str) -> list[int]:
    """Numbers of interactions, at most `MOST`, the newest first."""
    database = mail._meta.database
    if isinstance(database, Postgres):
        table = mail._meta.table_name
        last, indexed = database.execute_sql(_KNOWN.format(table=table)).fetchone()
        if indexed:
            return _indexed(database, table, f"%{literally(words)}%", (last or 0) >> BITS)
    query = mail.select(mail.interaction).where(mail.interaction.is_null(False), mail.subject.contains(words))
    return [row.interaction for row in query.order_by(mail.interaction.desc()).limit(MOST)]


def literally(words: str) -> str:
    """For LIKE, which makes something of three characters."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _indexed(database: Postgres, table: str, pattern: str, stretch: int) -> list[int]:
    near = database.execute_sql(_NEAR.format(table=table), (stretch, max(0, stretch - NEAR + 1), pattern, MOST))
    found = [number for (number,) in near.fetchall()]
    if len(found) < MOST and stretch >= NEAR:
        found = [number for (number,) in database.execute_sql(_ALL.format(table=table), (pattern, MOST)).fetchall()]
    return found
