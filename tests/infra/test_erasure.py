"""The function that erases people may: in each folder that it empties, with the list's key."""

from chalicelib.channels import letter, whatsapp_media
from chalicelib.services import erasure_work, issued, request_letters
from infra.build import ROOT, load

GRANTS = load(ROOT / "infra" / "functions.yaml")["plan"]["grants"]


def erased_in(bucket):
    return {
        one["prefix"] for one in GRANTS if one.get("bucket") == bucket and one["may"] == "erase"
    }


def test_every_folder_that_is_emptied_may_be():
    proofs = {*erasure_work.FOLDERS, issued.FOLDER, letter.FOLDER, whatsapp_media.FOLDER}
    downloads = {erasure_work.PACKS, request_letters.FOLDER}

    assert {f"{folder}/" for folder in proofs} == erased_in("Evidence")
    assert {f"{folder}/" for folder in downloads} == erased_in("Exports")


def test_the_suppression_lists_key_may_be_read():
    assert {"secret": "SuppressionKey", "may": "read"} in GRANTS
