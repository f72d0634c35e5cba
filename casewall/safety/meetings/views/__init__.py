"""The pages of case meetings."""
