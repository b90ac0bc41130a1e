"""From what is stored back to the files of a pack.

Only what is signed goes out: pages as readers see them, never a draft, and no
page, answer or refusal whose signature was withdrawn. What can't stand without
something that stays behind stays behind too, and is named.
"""

from careline.content.packs.export.folder import Export, ExportRefused, export_pack

__all__ = ["Export", "ExportRefused", "export_pack"]
