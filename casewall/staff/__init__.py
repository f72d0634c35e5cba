"""Workers, agencies, services, compartments; sign-in with a second factor. One set per site."""
