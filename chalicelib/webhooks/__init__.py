"""Who sent a webhook: signatures checked over the raw bytes, before anything is read. Pure."""
