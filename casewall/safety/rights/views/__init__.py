"""Pages about requests, complaints and breaches on this side."""
