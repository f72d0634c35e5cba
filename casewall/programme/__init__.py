"""SIDE: work with the client, who has used violence. Knows nothing of the safety side."""
