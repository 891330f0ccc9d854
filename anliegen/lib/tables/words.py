"""The words for what is wrong with a table."""

from anliegen.lib import cel
from anliegen.lib.tables.model import Problem
from anliegen.lib.text import LocalText

_WORDS = {
    "format": LocalText("Das Format {found} ist nicht bekannt.", "The format {found} is not known."),
    "not-a-table": LocalText("Das ist keine Tabelle: {found}.", "This is no table: {found}."),
    "csv": LocalText("Die Datei ist kein gültiges CSV: {found}.", "The file is not valid CSV: {found}."),
    "first-line": LocalText(
        "Die erste Zeile muss „hit,UNIQUE“ (oder eine andere Art) sein, die zweite die Köpfe der Spalten.",
        "The first line must be 'hit,UNIQUE' (or another policy), the second the heads of the columns.",
    ),
    "hit-policy": LocalText("„{found}“ gibt es nicht. Möglich: {known}.", "'{found}' is not known. Possible: {known}."),
    "too-large": LocalText(
        "Die Tabelle hat mehr als {rows} Zeilen oder {columns} Spalten.",
        "The table has more than {rows} rows or {columns} columns.",
    ),
    "head": LocalText(
        "„{found}“ ist kein Kopf einer Spalte. Möglich: in:…, out:Name:Art, note:de, note:en.",
        "'{found}' is no head of a column. Possible: in:…, out:name:type, note:de, note:en.",
    ),
    "cells": LocalText(
        "Die Zeile hat {found} Zellen, erwartet werden {expected}.",
        "The row has {found} cells, but {expected} are expected.",
    ),
    "output-name": LocalText(
        "„{name}“ kann nicht der Name einer Ausgabe sein.", "'{name}' cannot be the name of an output."
    ),
    "output-type": LocalText("Die Art „{found}“ gibt es nicht.", "The type '{found}' is not known."),
    "no-output": LocalText("Die Tabelle hat keine Ausgabe.", "The table has no output."),
    "no-rows": LocalText("Die Tabelle hat keine Zeile.", "The table has no rows."),
    "needs-order": LocalText(
        "{policy} braucht eine Ausgabe der Art enum(…), die die Rangfolge nennt.",
        "{policy} needs an output of the type enum(…) that names the order.",
    ),
    "needs-number": LocalText("{policy} braucht Zahlen als Ausgaben.", "{policy} needs numbers as outputs."),
    "empty-test": LocalText("In „{found}“ fehlt ein Wert.", "A value is missing in '{found}'."),
    "interval": LocalText("Dem Bereich „{found}“ fehlt eine Grenze.", "The interval '{found}' lacks a bound."),
    "overlap": LocalText(
        "Die Zeilen {first} und {second} gelten beide für {case}.", "Rows {first} and {second} both match {case}."
    ),
    "gap": LocalText("Keine Zeile gilt für {case}.", "No row matches {case}."),
}


def say(problem: Problem, lang: str) -> str:
    """The problem as a sentence in German or English, with its row and column."""
    words = _WORDS.get(problem.code)
    if words is None:
        text = cel.say(cel.CelError(problem.code, dict(problem.params)), lang)
    else:
        text = words.to(lang).format_map(problem.params)
    german = lang.startswith("de")
    row = "" if problem.row is None else f"{'Zeile' if german else 'Row'} {problem.row + 1}"
    column = f"Spalte „{problem.column}“" if german else f"column '{problem.column}'"
    place = ", ".join(part for part in (row, column if problem.column else "") if part)
    return f"{place}: {text}" if place else text
