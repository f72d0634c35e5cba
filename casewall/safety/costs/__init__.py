"""What the service costs: ledger, contracts, unit costs."""
