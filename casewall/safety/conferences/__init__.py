"""MARAC and MATAC: criteria, referral, research, meeting list, actions and flag."""
