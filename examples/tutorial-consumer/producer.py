#!/usr/bin/python3
"""The tutorial's producer: puts its own sign-up message on the topic, beside Roster's events, which it harms nothing.

    producer.py [--servers localhost:9092] [--topic user-events]
"""
import argparse
import json

from kafka import KafkaProducer


def main():
    arguments = argparse.ArgumentParser(description="Sends the tutorial's sign-up message.")
    arguments.add_argument("--servers", default="localhost:9092")
    arguments.add_argument("--topic", default="user-events")
    given = arguments.parse_args()
    producer = KafkaProducer(
        bootstrap_servers=given.servers.split(","),
        value_serializer=lambda message: json.dumps(message).encode("utf-8"),
    )
    producer.send(given.topic, {"user_id": 1, "event": "signup"}).get(timeout=30)
    producer.close()


if __name__ == "__main__":
    main()
