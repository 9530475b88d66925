"""A database as after years of work: a million interactions, most of them closed, written by PostgreSQL itself in one go.

Refuses to take the commands' way: it fills what lists are read from, and nothing that only history needs.
"""

from __future__ import annotations

from models.database import Database

CUSTOMERS_PER_INTERACTION, CLOSED = 0.2, 0.97
AGENTS = 200
_FIRST = "ada,ben,carla,dora,emil,fritz,gerda,hugo,ida,jonas,klara,leo,mira,nils,olga,paul,quirin,rosa,sven,thea"
_LAST = "abel,baum,christ,dietz,engel,funk,graf,heck,ivens,jung,kern,lang,maas,nagel,otto,pohl,quandt,roth,seitz,thoma"
_MATTER = "delivery,invoice,refund,contract,meter,appointment,complaint,repair,password,address"
_DETAIL = "late,missing,wrong,double,unclear,broken,new,old,cancelled,confirmed"

_PEOPLE = """
INSERT INTO principal (id, role, name, address, signature, active, absent)
SELECT 'a' || n, 'agent', initcap((string_to_array('{first}', ','))[1 + n %% 20]) || ' ' || n, '', '', true, false
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
SELECT 'c' || (1 + n / 7 %% {customers}),
       (ARRAY['contact', 'contact', 'consumer', 'guest'])[1 + (1 + n / 7 %% {customers}) %% 4], 'outbound', state,
       CASE WHEN open AND n %% 50 = 0 THEN NULL ELSE 'a' || (1 + n %% {agents}) END,
       CASE WHEN open AND n %% 50 = 0 THEN (ARRAY['billing', 'unassigned', 'repairs'])[1 + n %% 3] END,
       'Your ' || (string_to_array('{matter}', ','))[1 + n / 3 %% 10] || ' '
               || (string_to_array('{detail}', ','))[1 + n / 10 %% 10] || ' no ' || n,
       5, CASE WHEN open AND n %% 40 = 1 THEN 1 ELSE 0 END, NULL, at, at, at + interval '2 days', 0, false, '',
       CASE WHEN NOT open THEN at + interval '2 days' END
FROM (SELECT abs(hashint8(n)::bigint) AS n, n > {closed} AS open,
             timestamptz '2020-01-01' + n::int * interval '2 minutes' AS at,
             CASE WHEN n <= {closed}
                  THEN (ARRAY['closed_complete', 'closed_complete', 'closed_complete', 'closed_abandoned'])[1 + n %% 4]
                  ELSE (ARRAY['work_in_progress', 'on_hold', 'on_hold', 'wrap_up'])[1 + n %% 4] END AS state
      FROM generate_series(1::bigint, {interactions}) n) aged
"""
_MAILS = """
INSERT INTO mail (id, interaction, kind, sender, state, claimed, message_id, from_address, subject, blob, size,
                  queued_at, queued_seq, leave_at)
SELECT 'm' || id, id, 'agent', 'a1', 'sent', true, id || '@example.org', 'care@example.org', subject, '', 1,
       created_at, 2, created_at
FROM interaction
"""
_CLOCKS = """
INSERT INTO clock (interaction, kind, due_at, publish_at, published)
SELECT id, 'inactivity', last_event_at + interval '30 days', last_event_at + interval '30 days', 0
FROM interaction WHERE closed_at IS NULL
"""


def fill(database: Database, interactions: int) -> None:
    """Rows in an empty, migrated PostgreSQL database, and the statistics its planner needs."""
    customers = max(1, round(interactions * CUSTOMERS_PER_INTERACTION))
    values = {"first": _FIRST, "last": _LAST, "matter": _MATTER, "detail": _DETAIL, "agents": AGENTS}
    sizes = {"customers": customers, "interactions": interactions, "closed": round(interactions * CLOSED)}
    database.execute_sql("SET statement_timeout = 0")
    for text in (_PEOPLE, _CUSTOMERS, _ADDRESSES, _INTERACTIONS, _MAILS, _CLOCKS):
        database.execute_sql(text.format(**sizes, **values))
    database.execute_sql("VACUUM ANALYZE")
