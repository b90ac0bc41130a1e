"""Careline: software with which a cancer organisation runs its information helpline."""

__version__ = "0.1.0"
