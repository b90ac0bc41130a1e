"""A small sound pack in a folder, to be spoiled by tests."""

from pathlib import Path

HEADER = """\
pack: tiny
format: 1
version: "1.0"
title: {en: Tiny, es: Pequeño}
licence: CC-BY-4.0
languages: [en, es]
demonstration: true
written_by: The editors
review:
  reviewer: Demonstration review
  reviewed_on: 2026-01-01
  next_review_on: 2099-01-01
topics:
  - key: basics
    title: {en: Basics, es: Lo básico}
    summary: {en: The basics., es: Lo básico.}
"""
SOURCES = """\
- key: acs
  title: A page
  publisher: A society
  kind: patient_page
  published: April 2025
  read_on: 2026-01-01
  url: https://example.org/page
- key: pdq
  title: A summary
  publisher: An institute
  kind: guideline
"""
DRUGS = """\
- key: nivolumab
  generic: nivolumab
  brands: [{name: Opdivo, form: iv}]
  targets: [PD-1]
  drug_class: checkpoint inhibitor
  kind: checkpoint_inhibitor
  misspellings: [nivo]
  codes: {rxnorm: {code: "1597876", verified: true}}
  sources: [acs]
"""
REGIMENS = """\
- key: nivolumab-alone
  names: {en: Nivolumab alone, es: Nivolumab solo}
  condition: liver-cancer
  lines: [first]
  settings: {en: First, es: Primero}
  components:
    - drug: nivolumab
      route: iv
      schedule: {en: every 2 weeks, es: cada 2 semanas}
      sources: [acs]
  sources: [acs, pdq]
  conflicts: [when]
"""
EVENTS = """\
- key: fever
  names: {en: Fever, es: Fiebre}
  lay_names: {en: [hot], es: [caliente]}
  tier: common
  level: urgent
  what_to_do: {en: "Call {{phone}}.", es: "Llame al {{phone}}."}
  sources: [acs]
"""
CONFLICTS = """\
- key: when
  subject: {en: When it is used, es: Cuándo se usa}
  statements:
    - source: acs
      text: {en: It is used first., es: Se usa primero.}
    - source: pdq
      text: {en: It is used later., es: Se usa después.}
  note:
    en: [Our sources differ on when nivolumab is used.]
    es: [Nuestras fuentes no coinciden en cuándo se usa nivolumab.]
  status: noted
"""
ANSWERS = """\
- key: what
  topic: basics
  sentences: [how-it-works#what]
  variants:
    en: [what is it]
    es: [qué es]
"""
REFUSALS = """\
- class: dose
  text:
    en: [We can't give doses.]
    es: [No podemos dar dosis.]
  next: [phone, chat]
  pages: [how-it-works]
  examples: {en: [how much], es: [cuánto]}
"""
ARTICLE = """\
---
key: how-it-works
type: article
topic: basics
title: How it works
summary: What it does.
order: 10
---
## The body {#body}
Immunotherapy helps the body fight cancer. [^acs] {#what}
Call {{phone}} to ask about immunotherapy. [^acs] [^pdq]

- A fever is a side effect of immunotherapy. [^pdq] {#fever}

## Tables {#tables}
::regimens

::drugs

::adverse-events{common}

::conflict{when}
"""
ARTICLE_ES = """\
---
key: how-it-works
type: article
topic: basics
title: Cómo funciona
summary: Qué hace.
order: 10
---
## El cuerpo {#body}
La inmunoterapia ayuda al cuerpo a luchar contra el cáncer. [^acs] {#what}
Llame al {{phone}} para preguntar por la inmunoterapia. [^acs] [^pdq]

- La fiebre es un efecto de la inmunoterapia. [^pdq] {#fever}
"""
DRUG = """\
---
key: nivolumab
type: drug
topic: basics
title: Nivolumab (Opdivo)
summary: A medicine.
order: 20
drug: nivolumab
---
Nivolumab blocks PD-1. [^acs] {#what}

::regimens
"""
DRUG_ES = DRUG.replace("A medicine.", "Un medicamento.").replace(
    "Nivolumab blocks PD-1.", "Nivolumab bloquea PD-1."
)
FILES = {
    "pack.yaml": HEADER,
    "sources.yaml": SOURCES,
    "drugs.yaml": DRUGS,
    "regimens.yaml": REGIMENS,
    "adverse_events.yaml": EVENTS,
    "conflicts.yaml": CONFLICTS,
    "answers.yaml": ANSWERS,
    "refusals.yaml": REFUSALS,
    "pages/en/how-it-works.md": ARTICLE,
    "pages/es/how-it-works.md": ARTICLE_ES,
    "pages/en/nivolumab.md": DRUG,
    "pages/es/nivolumab.md": DRUG_ES,
}


def write_pack(folder: Path) -> Path:
    """Write the pack; return its folder."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Replace the words once in a file of the pack; they have to be there."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} isn't in {name}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
