"""Gives Postroom one command over AMQP with bare pika: compose and send in one step. Returns when RabbitMQ has it for good.

    python publish_pika.py amqp://crm:secret@localhost:5672/ anna kim@somewhere.example "Your order" "It left today."

Needs `pip install pika` and nothing of Postroom. Run it again with the same id, as you would after an error: it is the
same command, and no second mail leaves.
"""

import json
import sys
import uuid
from typing import Any
from urllib.parse import unquote, urlsplit

import pika


def compose_and_send(agent: str, address: str, subject: str, text: str) -> dict[str, Any]:
    return {
        "version": 1,
        "id": f"order-{uuid.uuid4()}",  # keep it beside your own record, so that a repeat is the same command
        "type": "compose",
        "agent": agent,  # a service acts for an agent
        "body": {"address": address, "content": {"subject": subject, "text": text}, "send": True},
    }


def publish(url: str, command: dict[str, Any]) -> None:
    """Raises pika's errors: UnroutableError where nobody has declared the exchange's queues, NackError where it is full."""
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()  # without it nobody knows whether the message arrived
        channel.basic_publish(
            exchange="postroom.commands",
            routing_key=f"command.{command['type']}",
            body=json.dumps(command).encode(),
            properties=pika.BasicProperties(
                content_type="application/json",
                delivery_mode=2,  # it survives a restart of RabbitMQ
                user_id=unquote(urlsplit(url).username or "guest"),  # RabbitMQ checks it: this is who you are
                message_id=command["id"],
            ),
            mandatory=True,  # an error instead of silence where there is no queue
        )


if __name__ == "__main__":
    command = compose_and_send(*sys.argv[2:6])
    publish(sys.argv[1], command)
    print(command["id"])
