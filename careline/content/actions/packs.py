"""Loading a pack: checked as a whole, then stored as a whole, and nothing twice."""

from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from careline.content import version
from careline.content.actions.pack_answers import store_answers, store_refusals, store_rules
from careline.content.actions.pack_facts import remove_gone_facts, store_facts
from careline.content.actions.pack_pages import UNDECIDED, Choice, store_pages
from careline.content.actions.pack_plan import Plan, Snapshot
from careline.content.actions.pack_review import signature_of
from careline.content.actions.publishing import Signature
from careline.content.actions.site import ensure_site
from careline.content.actions.tally import Tally
from careline.content.models import Pack
from careline.content.packs.check import checked_pack
from careline.content.packs.problems import PackRefused
from careline.content.packs.read import PackText, digest_of
from careline.content.packs.schema import PackHeader
from careline.core import audit, clock
from careline.core.events import Event, log

__all__ = ["Choice", "LoadReport", "Plan", "check_pack", "load_pack", "plan_pack"]


@dataclass(frozen=True)
class LoadReport:
    """What a load did."""

    pack: str
    version: str
    tally: Tally = field(default_factory=Tally)


def check_pack(folder: Path) -> PackText:
    """Check a pack without storing anything; raise PackRefused with every mistake in it."""
    try:
        return checked_pack(folder)
    except PackRefused as refused:
        log(Event.PACK_REFUSED, problems=len(refused.problems))
        raise


@transaction.atomic
def load_pack(folder: Path, *, again: bool = False, choice: Choice = UNDECIDED) -> LoadReport:
    """Load a pack in one transaction, signed by the reviewer whom it names.

    What is the same as before is left as it is, signatures and ids included.
    Pages that were edited here since, or taken out of sight here, stay so while
    the pack's own text of them hasn't changed. A page that was changed both here
    and in the pack stays as it is here and is named in the report, until `choice`
    decides on it. A folder whose files are those of the last load isn't even
    read, unless `again` or something is to be decided. Raises PackRefused with
    every mistake in the pack; then nothing is stored.
    """
    digest = digest_of(folder)
    known = Pack.objects.filter(digest=digest).first()
    if known is not None and not again:
        return LoadReport(known.key, known.version)
    pack = check_pack(folder)
    tally = _store(pack, signature_of(pack.header), choice)
    _store_header(pack, "" if tally.both_changed else digest, tally)
    if tally.changes:
        version.bump()
        _tell(pack.header, tally)
    return LoadReport(pack.header.pack, pack.header.version, tally)


def plan_pack(folder: Path, *, choice: Choice = UNDECIDED) -> Plan:
    """Return what loading the pack would change, by doing it and taking it back.

    Nothing is stored, and nothing is told. Raises PackRefused as `load_pack` does.
    """
    with transaction.atomic():
        before = Snapshot.taken()
        report = load_pack(folder, again=True, choice=choice)
        plan = Plan(report.pack, report.version, report.tally, before.changes_until_now())
        transaction.set_rollback(True)
    return plan


def _store(pack: PackText, signature: Signature, choice: Choice) -> Tally:
    tally = Tally()
    roots = ensure_site(pack.header.languages)
    store_facts(pack, tally)
    store_pages(pack, roots, signature, choice, tally)
    store_answers(pack, signature, tally)
    store_refusals(pack, signature, tally)
    store_rules(pack, signature, tally)
    remove_gone_facts(pack, tally)
    return tally


def _store_header(pack: PackText, digest: str, tally: Tally) -> None:
    header = pack.header
    says = header.model_dump(include={"version", "title", "licence", "languages"})
    says |= {"demonstration": header.demonstration, "written_by": header.written_by}
    known = Pack.objects.filter(key=header.pack).values(*says).first()
    whole = header.model_dump(mode="json", exclude={"topics"})
    values = {**says, "header": whole, "files": pack.other_files, "digest": digest}
    values["loaded_at"] = clock.now()
    Pack.objects.update_or_create(key=header.pack, defaults=values)
    if known != says:
        tally.count("pack", created=known is None)


def _tell(header: PackHeader, tally: Tally) -> None:
    audit.record(
        "content.pack_loaded",
        Pack.objects.get(key=header.pack),
        acting_user=None,
        version=header.version,
        **tally.as_counts(),
    )
    transaction.on_commit(lambda: log(Event.PACK_LOADED, pack=header.pack, **tally.as_counts()))
