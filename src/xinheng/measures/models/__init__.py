"""What is stored of measures: the publications of their list, and what the engine makes of them."""

from xinheng.measures.models.following import (
    OPEN_TASKS,
    Correction,
    ElectronicAgreement,
    Feedback,
    FeedCursor,
    MeasureTask,
    Notice,
    NoticeMeasure,
    Step,
    TaskState,
    TaskStep,
    Treatment,
)
from xinheng.measures.models.publication import ListPublication

__all__ = [
    "OPEN_TASKS",
    "Correction",
    "ElectronicAgreement",
    "FeedCursor",
    "Feedback",
    "ListPublication",
    "MeasureTask",
    "Notice",
    "NoticeMeasure",
    "Step",
    "TaskState",
    "TaskStep",
    "Treatment",
]
