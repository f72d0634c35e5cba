"""What clients ask about their own records, complaints, and what went wrong on this side."""
