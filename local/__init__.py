"""The laptop: start the stack, load the demo. Never shipped."""
