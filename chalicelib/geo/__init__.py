"""Pure geometry: cells (H3), distances, fences. Knows nothing of debts."""
