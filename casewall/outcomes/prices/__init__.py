"""Price indices, exchange rates and unit costs that ship with Casewall; each names its source."""
