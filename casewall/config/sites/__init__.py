"""One settings module for each process, holding only what that process may hold."""
