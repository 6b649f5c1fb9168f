"""Models of the forecast that are in service: one row a name, of the whole installation."""

from dataclasses import replace

from chalicelib.prediction.served import ServedModel
from chalicelib.store.documents import Documents
from chalicelib.store.wire import Wire

OWNER = "FORECASTS"
TRIES = 5


class ServedModelStore:
    def __init__(self, wire: Wire, table: str) -> None:
        self._kept = Documents(wire, table, ServedModel, name="MODEL", key="name", owner=OWNER)

    def text(self, name: str) -> str:
        """Give the model in service under a name, as text; empty where none is."""
        found = self._kept.get("", name)
        return found.body if found else ""

    def put(self, model: ServedModel) -> None:
        """Put a model into service in the place of the one before; the last word stands."""
        for _ in range(TRIES):
            before = self._kept.get("", model.name)
            if before is None and self._kept.add(model):
                return
            if before is not None and self._kept.save(replace(model, version=before.version)):
                return
        raise RuntimeError(f"others keep putting {model.name} into service")
