"""Who is kept away from a file of this side, who opened one out of turn, and who looked."""
