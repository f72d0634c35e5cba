"""Pages of joint risk."""
