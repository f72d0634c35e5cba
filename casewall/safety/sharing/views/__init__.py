"""Pages about agencies, shares, reports of this side, texts for publication and the ledger."""
