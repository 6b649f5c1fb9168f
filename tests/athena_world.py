"""The emulator's Athena over a lake's days: it runs what it is asked by DuckDB over S3 and Glue."""

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from chalicelib.bi.tables import TABLES
from chalicelib.store.files import BucketFiles
from infra import lake as catalogue
from infra.aws import Cloud
from lake.athena import Athena
from local import processes, stack
from tests.lake_world import Disk

WORKGROUP, DATABASE, BUCKET = "recobro-test", "recobro_test", "lake"
_AT_ONCE = 8


def there() -> bool:
    return (stack.ROOT / ".venv-cloud" / "bin" / "python").exists()


@contextmanager
def emulator() -> Iterator[Cloud]:
    """Run the emulator alone, with nothing kept."""
    state = Path(tempfile.mkdtemp(prefix="recobro-athena-"))
    made = Cloud(endpoint=f"http://127.0.0.1:{(port := processes.free_port())}")
    stack.start_cloud(port, state, made, auth=False, persist=False)
    try:
        yield made
    finally:
        processes.stop("cloud", state)
        shutil.rmtree(state, ignore_errors=True)


def laid(cloud: Cloud, disk: Disk, keys: Iterable[str]) -> BucketFiles:
    """Have the lake's tables there, and these of the disk's objects."""
    s3, glue, athena = (cloud.client(name) for name in ("s3", "glue", "athena"))
    s3.create_bucket(Bucket=BUCKET)
    glue.create_database(DatabaseInput={"Name": DATABASE})
    for table in TABLES.values():
        told = json.loads(json.dumps(catalogue.table_input(table)), object_hook=_written)
        glue.create_table(DatabaseName=DATABASE, TableInput=told)
    athena.create_work_group(
        Name=WORKGROUP,
        Configuration={
            "ResultConfiguration": {"OutputLocation": f"s3://{BUCKET}/answers/results/"}
        },
    )
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(lambda key: s3.upload_file(str(disk.at / key), BUCKET, key), keys))
    return BucketFiles(s3, BUCKET)


def asking(cloud: Cloud, files: BucketFiles, *, patience_s: float) -> Athena:
    return Athena(
        cloud.client("athena"),
        files,
        workgroup=WORKGROUP,
        database=DATABASE,
        patience_s=patience_s,
    )


def _written(told):
    """Do what CloudFormation does to ``Fn::Sub``."""
    if "Fn::Sub" in told:
        return told["Fn::Sub"].replace("${Lake}", BUCKET).replace("${!", "${")
    return told
