"""The end of a course: reviews, sign-off, follow-up."""
