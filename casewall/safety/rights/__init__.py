"""Requests about people's records, complaints, breaches and near misses."""
