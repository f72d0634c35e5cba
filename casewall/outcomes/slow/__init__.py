"""The reference, family by family: people, answers, incidents, and numbers that are added up."""
