"""Encryption at rest: what people said and how to reach them is sealed in the database.

`keys` holds this installation's keys, `envelope` seals and opens one value, `fields`
are model columns that do it by themselves, `rotation` brings in a new key.
"""
