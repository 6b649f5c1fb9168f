"""The built pages in a real browser, against a stand-in API."""
