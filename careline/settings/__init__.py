"""Settings, one module per way of running: dev (``make run``), test, production."""
