"""The terms of a commission, and what the reader of a report says: pure rules."""
