"""How vulnerable a partner is, where a court or a social worker asks for it."""
