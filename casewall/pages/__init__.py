"""The look of the three sites: base layout, components, forms, charts, error pages. No models."""
