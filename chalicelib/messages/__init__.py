"""Text that leaves the system: picks template and language, returns text. Pure."""
