"""Incidents and proceedings as this side knows them, each with its source."""
