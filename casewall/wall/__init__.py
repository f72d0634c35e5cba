"""Who may know what. Read README.md in this folder first."""
