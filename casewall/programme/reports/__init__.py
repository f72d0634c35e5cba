"""Letters, certificates and reports, from an allow-list of programme facts."""
