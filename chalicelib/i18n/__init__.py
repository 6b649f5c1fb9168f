"""What the server says to people: a file of each concern and language."""
