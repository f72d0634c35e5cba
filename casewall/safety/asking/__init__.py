"""Questionnaires that a partner answers on a device."""
