"""Compile the interface's translations (.po to .mo) with Babel, where they are stale.

Debian's gettext tools aren't presumed. Runs before Django starts, so it knows
nothing of settings: ``python -m careline.core.messages_catalogue``.
"""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def compile_stale(package: Path = PACKAGE) -> int:
    """Compile every .po newer than its .mo below `package`; return how many.

    Raises ValueError naming the file and line of a catalogue that can't be read.
    """
    found = stale(package)
    for po in found:
        _compile(po)
    return len(found)


def stale(package: Path = PACKAGE) -> list[Path]:
    """Return every .po below `package` that is newer than its .mo."""
    return [po for po in sorted(package.rglob("LC_MESSAGES/*.po")) if _is_stale(po)]


def _is_stale(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime


def _compile(po: Path) -> None:
    # Imported here: when nothing is stale, a start needn't pay for it.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    try:
        with po.open("rb") as source:
            catalogue = read_po(source, abort_invalid=True)
    except PoFileError as error:
        raise ValueError(f"{po}:{error.lineno}: {error}") from error
    aside = po.with_suffix(".mo.new")
    with aside.open("wb") as target:
        write_mo(target, catalogue)
    aside.replace(po.with_suffix(".mo"))


if __name__ == "__main__":
    compile_stale()
