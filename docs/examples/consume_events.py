"""Hears what Postroom announces, with bare pika: every change and every decision, each once although they may come twice.

    python consume_events.py amqp://crm:secret@localhost:5672/ crm.postroom [how many]

The second argument names a durable queue of your own; start it before the first command and you miss nothing. One line
of JSON per message is printed. Needs `pip install pika` and nothing of Postroom.
"""

import json
import sys
from typing import Any

import pika


def consume(url: str, queue: str, most: int | None) -> None:
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        channel = connection.channel()
        channel.queue_declare(queue, durable=True, arguments={"x-queue-type": "quorum"})
        channel.queue_bind(queue, "postroom.events", "event.#")  # or event.closed, event.reply_received, …
        channel.queue_bind(queue, "postroom.events", "decision.#")  # or decision.rejected.# alone
        channel.basic_qos(prefetch_count=50)
        print(json.dumps({"listening": queue}), flush=True)
        seen = Seen()
        for method, properties, body in channel.consume(queue):
            if seen.first_time(properties.message_id):
                handle(json.loads(body))
            channel.basic_ack(method.delivery_tag)  # only now: what was not handled comes again
            if most is not None and seen.count >= most:
                return


def handle(message: dict[str, Any]) -> None:
    """Your own work. `number` counts an interaction's events without a gap; `through` of a decision is such a number."""
    print(json.dumps(message, ensure_ascii=False), flush=True)


class Seen:
    """At least once means that a message may come again, under the same message id.

    A real consumer keeps the latest `number` per interaction in its own database, in the transaction of its work.
    """

    def __init__(self) -> None:
        self._ids: set[str] = set()

    @property
    def count(self) -> int:
        return len(self._ids)

    def first_time(self, message_id: str) -> bool:
        known = message_id in self._ids
        self._ids.add(message_id)
        return not known


if __name__ == "__main__":
    consume(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else None)
