"""Public forms and two sealed inboxes. It reads nothing and answers everyone alike."""
