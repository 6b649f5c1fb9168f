"""A worker process to be killed: takes messages and works them as Lambda would, until told."""

import logging
import os
import sys
import time

from tests.upload_world import WORK_OF, Context, work_once


def main() -> None:
    logging.disable(logging.CRITICAL)  # failures are the point here
    idle_since = None
    while True:
        worked = 0
        for queue in WORK_OF:
            worked += work_once(queue, Context())
        if worked:
            idle_since = None
            continue
        idle_since = idle_since or time.monotonic()
        if time.monotonic() - idle_since > float(os.environ.get("IDLE_S", "3600")):
            sys.exit(0)
        time.sleep(0.1)


if __name__ == "__main__":
    main()
