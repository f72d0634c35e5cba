"""Appointments and places of this side, and the guard that keeps the parties apart."""
