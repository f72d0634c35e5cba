"""Work with one client: one-to-one sessions, and making up for a session that was missed."""
