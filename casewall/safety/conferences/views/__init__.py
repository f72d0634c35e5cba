"""The pages of MARAC and MATAC."""
