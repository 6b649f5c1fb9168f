"""Whether and when somebody pays: a small model, scored in pure Python, that gives its reasons."""
