"""The safety side: partners, children, joint risk and the intake of referrals."""
