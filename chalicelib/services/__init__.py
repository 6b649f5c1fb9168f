"""Use cases: one function per thing a person or a clock can do. No HTTP, no AWS."""
