"""What may be done: answer checks, and note what was done about an answer."""

from xinheng.checks.actions.answering import Answered, Asked, answer_checks
from xinheng.checks.actions.correcting import ask_corrections, put_check_right
from xinheng.checks.actions.feedback import give_feedback
from xinheng.checks.actions.keeping import Key
from xinheng.checks.actions.many import AnsweredMany, answer_many

__all__ = [
    "Answered",
    "AnsweredMany",
    "Asked",
    "Key",
    "answer_checks",
    "answer_many",
    "ask_corrections",
    "give_feedback",
    "put_check_right",
]
