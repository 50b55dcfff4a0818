#!/usr/bin/python3
"""The tutorial's consumer: prints "signup" for each sign-up on the topic user-events, as a member of a group.

    consumer.py [--servers localhost:9092] [--topic user-events] [--group email-service]

It needs kafka-python (Debian: python3-kafka). It understands Roster's events and the tutorial's own messages.
"""
import argparse
import json

from kafka import KafkaConsumer


def kind(value):
    """What a message is about: "signup" for a sign-up, else its type; None for what is no message of ours."""
    try:
        message = json.loads(value)
    except (TypeError, ValueError):
        return None
    if not isinstance(message, dict):
        return None
    if message.get("type") == "roster.user.signedUp.v1":
        return "signup"
    return message.get("event", message.get("type"))


def main():
    arguments = argparse.ArgumentParser(description="Prints signup for each sign-up.")
    arguments.add_argument("--servers", default="localhost:9092")
    arguments.add_argument("--topic", default="user-events")
    arguments.add_argument("--group", default="email-service")
    given = arguments.parse_args()
    consumer = KafkaConsumer(
        given.topic,
        bootstrap_servers=given.servers.split(","),
        group_id=given.group,
        auto_offset_reset="earliest",
    )
    for message in consumer:
        if kind(message.value) == "signup":
            print("signup", flush=True)


if __name__ == "__main__":
    main()
