"""The service on a virtual clock: the same routing, simulated people."""
