"""Groups, sessions and the register."""
