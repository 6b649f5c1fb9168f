"""The debtor's pages that the benches open are pages still: nobody else would notice in time."""

import pytest

from bench import debtor_pages


@pytest.mark.parametrize("language", ["es", "en", "pt"])
@pytest.mark.parametrize("path", debtor_pages.TEMPLATES)
def test_a_page_for_the_bench_is_made(path, language):
    content, headers = debtor_pages.page(path, language)

    assert f'<html lang="{language}"'.encode() in content
    assert headers["Content-Type"].startswith("text/html")
