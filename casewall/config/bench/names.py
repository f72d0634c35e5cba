"""Names that the command and the processes that it starts must agree on."""

SERVICE = "intervention-centre"
SEED = "casewall bench"
MANAGER = "manager@demo.invalid"
OWN_FACILITATOR = "register-facilitator@demo.invalid"
"""Runs the group of twelve and no other."""
MEASURED = "Measured group"
"""Its tenth session was yesterday."""
