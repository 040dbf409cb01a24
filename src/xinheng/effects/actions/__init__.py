"""Everything that may change what is public. Each action is one transaction with its audit event."""

from xinheng.effects.actions.chasing import Chased, chase_retractions
from xinheng.effects.actions.confirming import acknowledge_retraction, confirm_in_writing, report_still_held
from xinheng.effects.actions.ending import end_effects, end_for_versions
from xinheng.effects.actions.following import forget_old_timepoints, sequence_feed
from xinheng.effects.actions.handing_over import hand_over, hand_to_program, named_recipient
from xinheng.effects.actions.listing import (
    Applied,
    ListedBy,
    apply_measures,
    intern_measure_terms,
    list_subjects,
    measure_terms,
    note_service,
)
from xinheng.effects.actions.publishing import Publication, publish_batch, publish_records
from xinheng.effects.actions.releasing import release_batch
from xinheng.effects.actions.restoring import Returned, Undone, list_again, publish_again, undo_effects, undo_measures
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
    "Applied",
    "Chased",
    "ListedBy",
    "Publication",
    "Returned",
    "Undone",
    "UpkeepReport",
    "acknowledge_retraction",
    "apply_measures",
    "chase_retractions",
    "confirm_in_writing",
    "confirm_lift",
    "confirm_takedown",
    "daily_upkeep",
    "decide_severity",
    "end_effects",
    "end_for_versions",
    "forget_old_timepoints",
    "hand_over",
    "hand_to_program",
    "intern_measure_terms",
    "lift_takedown",
    "list_again",
    "list_subjects",
    "measure_terms",
    "named_recipient",
    "note_service",
    "propose_takedown",
    "publish_again",
    "publish_batch",
    "publish_records",
    "release_batch",
    "report_still_held",
    "resume_effects",
    "sequence_feed",
    "suspend_effects",
    "undo_effects",
    "undo_measures",
]
