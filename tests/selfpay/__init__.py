"""The debtor's pages in a browser and over HTTP: the real app on moto, behind a loopback port."""
