"""Case meetings: agenda, decisions, actions and extracts for each person."""
