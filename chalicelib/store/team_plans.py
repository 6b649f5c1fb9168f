"""Teams' plans in the work table, for as long as they say: ``P#<portfolio>`` / ``TPLAN#<id>``."""

from chalicelib.routes.team_plan import TeamPlan
from chalicelib.store.documents import Documents
from chalicelib.store.wire import Item, Wire


class TeamPlanStore(Documents[TeamPlan]):
    def __init__(self, wire: Wire, table: str) -> None:
        super().__init__(wire, table, TeamPlan, name="TPLAN", key="plan_id")

    def _item(self, document: TeamPlan) -> Item:
        expires = int(document.expires_at.timestamp())
        return super()._item(document) | {"expires_at": {"N": str(expires)}}
