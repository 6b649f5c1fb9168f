"""Size of the Lambda bundle, by part. Targets: performance budget, section 1."""

import collections
import zipfile

from bench.report import Figure, Report
from infra import package

MB = 1_000_000


def main() -> None:
    report = Report("package")
    path = package.bundle("lambda")
    report.add(
        Figure(
            metric="zipped",
            value=round(path.stat().st_size / MB, 1),
            unit="MB",
            target=45,
            exact=True,
        )
    )
    parts: collections.Counter[str] = collections.Counter()
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            parts[entry.filename.partition("/")[0]] += entry.file_size
    whole = sum(parts.values())
    report.add(
        Figure(metric="unzipped", value=round(whole / MB, 1), unit="MB", target=170, exact=True)
    )
    for name, size in parts.most_common(8):
        report.add(Figure(metric=f"unzipped: {name}", value=round(size / MB, 1), unit="MB"))
    report.print()


if __name__ == "__main__":
    main()
