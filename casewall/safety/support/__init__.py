"""What partner support does with a partner: needs, plans, sessions, safety plans."""
