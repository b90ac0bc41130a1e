"""The parts of bench/live.py."""
