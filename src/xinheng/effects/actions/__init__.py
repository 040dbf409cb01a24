"""Everything that may change what is public. Each action is one transaction with its audit event."""

from xinheng.effects.actions.ending import end_effects, end_for_versions
from xinheng.effects.actions.publishing import Publication, publish_batch, publish_records
from xinheng.effects.actions.releasing import release_batch
from xinheng.effects.actions.severity import decide_severity
from xinheng.effects.actions.suspending import resume_effects, suspend_effects
from xinheng.effects.actions.takedown import (
    confirm_lift,
    confirm_takedown,
    lift_takedown,
    propose_takedown,
)
from xinheng.effects.actions.upkeep import UpkeepReport, daily_upkeep

__all__ = [
    "Publication",
    "UpkeepReport",
    "confirm_lift",
    "confirm_takedown",
    "daily_upkeep",
    "decide_severity",
    "end_effects",
    "end_for_versions",
    "lift_takedown",
    "propose_takedown",
    "publish_batch",
    "publish_records",
    "release_batch",
    "resume_effects",
    "suspend_effects",
]
