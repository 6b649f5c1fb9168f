"""What to do next for a case. Pure; one file each; listed by name."""
