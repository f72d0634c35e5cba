"""What arrives: the client's part of a referral, and self-referrals from the front door."""
