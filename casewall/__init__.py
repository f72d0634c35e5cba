"""Casewall: case management for perpetrator programmes and partner support."""
