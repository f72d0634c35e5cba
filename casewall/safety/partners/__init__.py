"""Partners and ex-partners: a file of her or his own, contact, safe contact, scales."""
