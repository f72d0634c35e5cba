"""Service definitions: each partnership that Casewall runs, described as a file of settings."""
