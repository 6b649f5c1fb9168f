"""Buckets: what people send in, what we write for them, what is shown to everybody."""

from __future__ import annotations

import functools

from chalicelib.config import settings
from chalicelib.lazily import lazily
from chalicelib.wiring.clients import aws, wire

with lazily():
    from chalicelib.channels import whatsapp_media as whatsapp
    from chalicelib.services import issued
    from chalicelib.store import files
    from chalicelib.store import media as site_media
    from chalicelib.store import scans as scan_rows


@functools.cache
def upload_files() -> files.BucketFiles:
    return _bucket(settings().uploads_bucket)


@functools.cache
def export_files() -> files.BucketFiles:
    return _bucket(settings().exports_bucket)


@functools.cache
def lake_files() -> files.BucketFiles:
    return _bucket(settings().lake_bucket)


@functools.cache
def evidence_files() -> files.BucketFiles:
    return _bucket(settings().evidence_bucket)


def issuing() -> issued.Means:
    """What documents are issued with."""
    return issued.Means(files=evidence_files(), site=settings().site_url)


@functools.cache
def scans() -> scan_rows.ScanStore:
    return scan_rows.ScanStore(wire(), settings().work_table)


def _bucket(name: str) -> files.BucketFiles:
    known = settings()
    looked = scans() if known.malware_scan != "off" else None
    return files.BucketFiles(aws("s3"), name, public_url=known.public_s3_url, scans=looked)


@functools.cache
def media() -> site_media.MediaStore:
    return site_media.MediaStore(aws("s3"), bucket=settings().site_bucket)


@functools.cache
def whatsapp_media() -> whatsapp.WhatsAppMedia:
    known = settings()
    return whatsapp.WhatsAppMedia(
        aws("socialmessaging"),
        aws("s3"),
        bucket=known.evidence_bucket,
        number_id=next(iter(known.whatsapp_numbers.values()), ""),
    )
