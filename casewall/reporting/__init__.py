"""Returns, evaluation packs and exports: everything that leaves with figures in it."""
