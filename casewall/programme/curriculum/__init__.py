"""Programme templates as they are installed here, each version kept."""
