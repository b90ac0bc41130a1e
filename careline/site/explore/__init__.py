"""For people who would rather look: pictures, a calendar, lists and tables made from facts.

Every sentence that informs is an approved sentence of a reviewed page, taken by its
label, so that a correction or a withdrawal reaches these screens at once. The words
around them (labels, buttons) are the interface's.
"""
