"""The joint picture of risk of a linked case: level, owner, plan, actions and review."""
