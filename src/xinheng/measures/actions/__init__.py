"""What may be done with lists of measures."""

from xinheng.measures.actions.publishing import confirm_list, drop_proposal, propose_list, withdraw_list

__all__ = ["confirm_list", "drop_proposal", "propose_list", "withdraw_list"]
