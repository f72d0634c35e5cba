"""Case notes: written, approved and locked, corrected beside the original; the chronology."""
