"""The depot that the settings describe."""

from __future__ import annotations

from datetime import timedelta

from hub.clock import Clock
from hub.config import Config
from hub.depot.depot import Depot
from hub.depot.folder import FolderBlobs
from hub.depot.ports import Blobs, ObjectRows
from hub.objects.quota import Limits


def build_blobs(config: Config) -> Blobs:
    """Where finished objects stand."""
    if not config.objects_s3_url:
        return FolderBlobs(config.objects_dir)
    from hub.depot.s3 import S3Blobs  # large: loaded by hubs that use it
    from hub.depot.s3_door import S3Place

    return S3Blobs(
        S3Place(
            url=config.objects_s3_url,
            bucket=config.objects_s3_bucket,
            region=config.objects_s3_region,
            key=config.objects_s3_key,
            secret=config.objects_s3_secret,
        )
    )


def build_depot(config: Config, rows: ObjectRows, clock: Clock) -> Depot:
    """A depot with the limits of the settings; uploads stand in a folder wherever the objects do."""
    limits = Limits(config.object_mb << 20, config.objects_day_mb << 20, config.objects_total_mb << 20)
    return Depot(
        rows,
        build_blobs(config),
        config.objects_dir / "uploads",
        limits,
        clock=clock,
        grace=timedelta(hours=config.objects_grace_h),
        reserve_bytes=config.disk_reserve_mb << 20,
    )
