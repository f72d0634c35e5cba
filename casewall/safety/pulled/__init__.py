"""Programme facts, copied for every case at a fixed cadence. The programme cannot tell."""
