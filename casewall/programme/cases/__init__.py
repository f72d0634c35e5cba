"""The client, the case and its stages, contact, assessment and agreement."""
