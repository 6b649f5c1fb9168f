"""Queues: the work that waits, and what they gave up on."""

from __future__ import annotations

import functools

from chalicelib.config import settings
from chalicelib.lazily import lazily
from chalicelib.wiring.clients import aws

with lazily():
    from chalicelib.store import dead_letters as dead
    from chalicelib.store import queues


@functools.cache
def upload_steps() -> queues.SqsQueue:
    return _queue(settings().upload_steps_queue_url)


@functools.cache
def upload_chunks() -> queues.SqsQueue:
    return _queue(settings().upload_chunks_queue_url)


@functools.cache
def export_jobs() -> queues.SqsQueue:
    return _queue(settings().exports_queue_url)


@functools.cache
def lake_jobs() -> queues.SqsQueue:
    return _queue(settings().lake_queue_url)


@functools.cache
def route_plan_jobs() -> queues.SqsQueue:
    return _queue(settings().route_plans_queue_url)


@functools.cache
def plan_jobs() -> queues.SqsQueue:
    return _queue(settings().plan_queue_url)


@functools.cache
def channel_events() -> queues.SqsQueue:
    return _queue(settings().channel_events_queue_url)


@functools.cache
def payment_events() -> queues.SqsQueue:
    """What providers of payments told, and cases whose open pages are to be ended."""
    return _queue(settings().payment_events_queue_url)


@functools.cache
def messages() -> queues.SqsQueue:
    """The planned messages whose moment has come."""
    return _queue(settings().messages_queue_url)


def _queue(url: str) -> queues.SqsQueue:
    return queues.SqsQueue(aws("sqs"), url)


@functools.cache
def dead_letters() -> dead.DeadLetters:
    known = settings()
    urls = {
        "messages": known.messages_queue_url,
        "channel-events": known.channel_events_queue_url,
        "payment-events": known.payment_events_queue_url,
        "plan": known.plan_queue_url,
        "lake": known.lake_queue_url,
        "route-plans": known.route_plans_queue_url,
        "upload-steps": known.upload_steps_queue_url,
        "upload-chunks": known.upload_chunks_queue_url,
        "exports": known.exports_queue_url,
    }
    return dead.DeadLetters(aws("sqs"), urls)
