"""Questions on a device: opened by a one-time code, left in one step, nothing kept behind."""
