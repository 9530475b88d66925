"""A database as after years of work: a million interactions, most of them closed, written by PostgreSQL itself in one go.

Spread as life spreads them: a few agents and customers have most, a few words stand in most subjects, one matter is long past.
Refuses to take the commands' way: it fills what lists are read from, and nothing that only history needs.
"""

from __future__ import annotations

from models.database import Database

CUSTOMERS_PER_INTERACTION, CLOSED = 0.2, 0.97
AGENTS = 200
BUSIEST_AGENT, BUSIEST_CUSTOMER = "a1", "c1"
_FIRST = "ada,ben,carla,dora,emil,fritz,gerda,hugo,ida,jonas,klara,leo,mira,nils,olga,paul,quirin,rosa,sven,thea"
_LAST = "abel,baum,christ,dietz,engel,funk,graf,heck,ivens,jung,kern,lang,maas,nagel,otto,pohl,quandt,roth,seitz,thoma"
_MATTER = "delivery,invoice,refund,contract,meter,appointment,complaint,repair,password,address"
_DETAIL = "late,missing,wrong,double,unclear,broken,new,old,cancelled,confirmed"

_PEOPLE = """
INSERT INTO principal (id, role, name, address, signature, active, absent)
SELECT 'a' || n, CASE n WHEN 1 THEN 'manager' ELSE 'agent' END,
       initcap((string_to_array('{first}', ','))[1 + n %% 20]) || ' ' || n, '', '', true, false
FROM generate_series(1, {agents}) n
"""
_CUSTOMERS = """
INSERT INTO customer (id, kind, name, search, sort_key, account, phone, language, time_zone, created_at)
SELECT 'c' || n, (ARRAY['contact', 'contact', 'consumer', 'guest'])[1 + n %% 4], initcap(name),
       name || ' ' || phone || ' ' || address, left(name, 80), '', phone, '', '', timestamptz '2020-01-01'
FROM (SELECT n, first || ' ' || last || n AS name, '030' || n AS phone,
             first || '.' || last || n || '@example.org' AS address
      FROM (SELECT n, (string_to_array('{first}', ','))[1 + h %% 20] AS first,
                   (string_to_array('{last}', ','))[1 + h / 20 %% 20] AS last
            FROM (SELECT n, abs(hashint4(n)::bigint) AS h FROM generate_series(1, {customers}) n) hashed) named) described
"""
_ADDRESSES = """
INSERT INTO customer_address (customer, address, key, position)
SELECT id, split_part(search, ' ', 4), split_part(search, ' ', 4), 0 FROM customer
"""
_INTERACTIONS = """
INSERT INTO interaction (customer, kind, direction, state, owner, queue, subject, seq, unread, attention, created_at,
                         activity_at, last_event_at, reminders_done, reminders_stopped, time_zone, closed_at)
SELECT 'c' || c, (ARRAY['contact', 'contact', 'consumer', 'guest'])[1 + c %% 4], 'outbound', state,
       CASE WHEN open AND h %% 50 = 0 THEN NULL ELSE 'a' || a END,
       CASE WHEN open AND h %% 50 = 0 THEN (ARRAY['billing', 'unassigned', 'repairs'])[1 + h %% 3] END,
       CASE WHEN n BETWEEN {interactions} / 20 AND {interactions} / 10 THEN 'Strike: ' ELSE '' END
               || 'Your ' || (string_to_array('{matter}', ','))[1 + floor(10 * x * x)] || ' '
               || (string_to_array('{detail}', ','))[1 + h / 10 %% 10]
               || CASE WHEN h %% 10000 = 0 THEN ' recall' ELSE '' END || ' no ' || h,
       5, CASE WHEN open AND h %% 40 = 1 THEN 1 ELSE 0 END,
       CASE WHEN open AND h %% 90 = 2 THEN 'bounced' END, at, at, at + interval '2 days', 0, false, '',
       CASE WHEN NOT open THEN at + interval '2 days' END
FROM (SELECT n, h, x, open, 1 + floor({agents} * y ^ 2)::int AS a, 1 + floor({customers} * z ^ 3)::int AS c,
             timestamptz '2020-01-01' + n::int * interval '2 minutes' AS at,
             CASE WHEN NOT open THEN CASE h %% 4 WHEN 0 THEN 'closed_abandoned' ELSE 'closed_complete' END
                  WHEN h %% 100 = 7 THEN 'wrap_up'
                  WHEN h %% 10 < 4 THEN 'work_in_progress' ELSE 'on_hold' END AS state
      FROM (SELECT n, abs(hashint8(n)::bigint) AS h, abs(hashint8(n + 1000000007)::bigint) / 2147483649.0 AS x,
                   abs(hashint8(n + 2000000011)::bigint) / 2147483649.0 AS y,
                   abs(hashint8(n + 3000000019)::bigint) / 2147483649.0 AS z, n > {closed} AS open
            FROM generate_series(1::bigint, {interactions}) n) drawn) aged
"""
_MAILS = """
INSERT INTO mail (id, interaction, kind, sender, state, claimed, message_id, from_address, subject, blob, size,
                  queued_at, queued_seq, leave_at)
SELECT 'm' || id, id, 'agent', 'a1', 'sent', true, id || '@example.org', 'care@example.org', subject, '', 1,
       created_at, 2, created_at
FROM interaction
"""
_INCOMING = """
INSERT INTO incoming (id, blob, shown, envelope_from, envelope_to, interaction, kind, state, third_party, stopped,
                      sender_check, authentication, from_address, from_name, subject, text, quoted, html, attachments,
                      copies, received_at)
SELECT 'i' || id, '', id, 'x@example.org', 'care@example.org', CASE WHEN id %% 40 > 0 THEN id END, 'human',
       CASE WHEN id %% 40 > 0 THEN 'matched' ELSE 'unmatched' END, false, '', 'unknown', '{{}}', 'x@example.org', 'X',
       'Re: ' || subject, 'Thank you.', '', '', '[]', '[]', created_at + interval '1 day'
FROM interaction WHERE id %% 2 = 0
"""
_DRAFTS = """
INSERT INTO draft (id, interaction, author, state, revision, written, composed_seq, seen_seq, created_at, touched_at)
SELECT 'd' || id, id, owner, CASE WHEN state = 'work_in_progress' THEN 'open' ELSE 'sent' END, 1, true, 1, 5,
       created_at, last_event_at
FROM interaction WHERE closed_at IS NULL AND owner IS NOT NULL
"""
_REVISIONS = """
INSERT INTO revision (id, draft, number, base, author, cause, content, saved_at)
SELECT 'r' || id, id, 1, 0, author, 'save',
       '{{"subject":"Your invoice","text":"Good morning.","to":["x@example.org"]}}', touched_at FROM draft
"""
_CLOCKS = """
INSERT INTO clock (interaction, kind, due_at, publish_at, published)
SELECT id, k.kind, last_event_at + days * interval '1 day', last_event_at + days * interval '1 day', 0
FROM interaction, (VALUES ('abandonment', 'work_in_progress', 30), ('inactivity', 'on_hold', 30),
                          ('reminder', 'on_hold', 7), ('wrap_up', 'wrap_up', 0)) AS k (kind, running, days)
WHERE closed_at IS NULL AND state = running
"""
_PUT_OFF = "ALTER INDEX {index} SET (fastupdate = {on})"
_WORDS = ("mail_subject_words", "incoming_subject_words")  # written mail by mail they would take minutes
_ALL = (_PEOPLE, _CUSTOMERS, _ADDRESSES, _INTERACTIONS, _MAILS, _INCOMING, _DRAFTS, _REVISIONS, _CLOCKS)


def fill(database: Database, interactions: int) -> None:
    """Rows in an empty, migrated PostgreSQL database, and the statistics its planner needs."""
    customers = max(1, round(interactions * CUSTOMERS_PER_INTERACTION))
    values = {"first": _FIRST, "last": _LAST, "matter": _MATTER, "detail": _DETAIL, "agents": AGENTS}
    sizes = {"customers": customers, "interactions": interactions, "closed": round(interactions * CLOSED)}
    database.execute_sql("SET statement_timeout = 0")
    for index in _WORDS:
        database.execute_sql(_PUT_OFF.format(index=index, on="on"))
    for text in _ALL:
        database.execute_sql(text.format(**sizes, **values))
    for index in _WORDS:
        database.execute_sql(_PUT_OFF.format(index=index, on="off"))
    database.execute_sql("VACUUM ANALYZE")
