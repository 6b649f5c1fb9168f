"""The demo's basemap: our own drawing of four cities on Natural Earth's outline of the world."""
