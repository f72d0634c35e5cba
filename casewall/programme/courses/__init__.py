"""Courses: one client's way through one version of a programme template."""
