"""Objects that go for good, with every version that the bucket kept."""

from chalicelib.store.files import BucketFiles


class Bucket:
    """The calls of a versioned bucket, a page of one version at a time."""

    def __init__(self, *versions):
        self.versions = list(versions)

    def list_object_versions(self, *, Bucket, Prefix, KeyMarker="", VersionIdMarker=""):  # noqa: N803 (S3's names)
        found = [v for v in self.versions if v[0].startswith(Prefix)]
        found = [v for v in found if v > (KeyMarker, VersionIdMarker)]
        if not found:
            return {"IsTruncated": False}
        (key, version), kind = found[0], "DeleteMarkers" if found[0][1] == "mark" else "Versions"
        more = {"IsTruncated": len(found) > 1, "NextKeyMarker": key, "NextVersionIdMarker": version}
        return {kind: [{"Key": key, "VersionId": version}]} | more

    def delete_object(self, *, Bucket, Key, VersionId):  # noqa: N803
        self.versions.remove((Key, VersionId))


def test_every_version_of_an_object_goes_and_no_other_object():
    bucket = Bucket(("in/a", "1"), ("in/a", "2"), ("in/a", "mark"), ("in/ab", "1"))

    for _ in range(2):
        BucketFiles(bucket, "evidence").erase("in/a")

    assert bucket.versions == [("in/ab", "1")]
