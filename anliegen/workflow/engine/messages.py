"""Problems in words, in German and English."""

from anliegen.lib import cel
from anliegen.workflow.engine.problems import Problem

WORDS: dict[str, tuple[str, str]] = {
    "not-xml": ("Das ist kein lesbares XML (Zeile {line}): {why}", "This is not readable XML (line {line}): {why}"),
    "doctype": ("Eine DOCTYPE-Angabe ist nicht erlaubt.", "A DOCTYPE is not allowed."),
    "too-large": ("Die Datei ist größer als {most} Bytes.", "The file is larger than {most} bytes."),
    "not-bpmn": ("Das ist kein BPMN 2.0: gefunden wurde {found}.", "This is not BPMN 2.0: found {found}."),
    "one-process": ("Genau ein Prozess wird gebraucht, gefunden: {found}.", "Exactly one process is needed, found: {found}."),
    "too-many-nodes": ("Mehr als {most} Elemente sind nicht erlaubt.", "More than {most} elements are not allowed."),
    "no-id": ("Ein Element in Zeile {line} hat keine Kennung.", "An element in line {line} has no id."),
    "double-id": ("Die Kennung „{id}“ gibt es zweimal.", "The id '{id}' is used twice."),
    "not-supported": ("„{name}“ wird nicht unterstützt.", "'{name}' is not supported."),
    "unknown-element": ("Das Element „{name}“ ist unbekannt.", "The element '{name}' is unknown."),
    "unknown-attribute": ("Die Angabe „{name}“ ist unbekannt.", "The attribute '{name}' is unknown."),
    "no-duration": ("Der Zeitgeber hat keine Dauer.", "The timer has no duration."),
    "loose-arrow": ("Der Pfeil hängt an „{end}“, das es nicht gibt.", "The arrow hangs on '{end}', which does not exist."),
    "unknown-call": ("Den aufgerufenen Ablauf „{called}“ gibt es nicht.", "The called model '{called}' does not exist."),
    "one-start": ("Genau ein Start wird gebraucht, gefunden: {found}.", "Exactly one start is needed, found: {found}."),
    "no-end": ("Es gibt kein Ende.", "There is no end."),
    "phases": ("Ein Ablauf braucht 3 bis 7 Abschnitte, gefunden: {found}.", "A model needs 3 to 7 phases, found: {found}."),
    "unknown-node": ("{name} nennt „{node}“, das es nicht gibt.", "{name} names '{node}', which does not exist."),
    "after-end": ("Nach dem Ende „{node}“ darf nichts kommen.", "Nothing may follow the end '{node}'."),
    "dead-end": ("„{node}“ ist eine Sackgasse: Es geht nicht weiter.", "'{node}' is a dead end: nothing follows."),
    "no-default": ("„{node}“ hat keinen Standardpfeil, eine Anfrage könnte stecken bleiben.", "'{node}' has no default arrow, so a request could get stuck"),
    "or-loop": ("Zwei inklusive Zusammenführungen in einer Schleife werden nicht unterstützt: „{node}“.", "Two inclusive joins in one loop are not supported: '{node}'."),
    "unreachable": ("„{node}“ wird nie erreicht.", "'{node}' is never reached."),
    "unknown-table": ("Die Tabelle „{name}“ gibt es nicht{hint}.", "Unknown table '{name}'{hint}"),
    "unknown-automation": ("Die Automatik „{name}“ gibt es nicht{hint}.", "Unknown automation '{name}'{hint}"),
    "unknown-kind": ("„{node}“: Die Art „{name}“ gibt es nicht{hint}.", "'{node}': unknown kind '{name}'{hint}"),
    "unknown-phase": ("„{node}“: Den Abschnitt „{name}“ gibt es nicht{hint}.", "'{node}': unknown phase '{name}'{hint}"),
    "unknown-who": ("„{node}“: „{name}“ ist niemand{hint}.", "'{node}': '{name}' is nobody{hint}"),
    "unknown-team": ("„{node}“: Das Team „{name}“ gibt es nicht{hint}.", "'{node}': unknown team '{name}'{hint}"),
    "unknown-role": ("„{node}“: Die Rolle „{name}“ gibt es nicht{hint}.", "'{node}': unknown role '{name}'{hint}"),
    "nobody": ("„{node}“ sagt nicht, wer es macht.", "'{node}' does not say who does it."),
    "quorum": ("„{text}“ ist keine Zahl von Stimmen (all, one, majority oder eine Zahl).", "'{text}' is not a number of votes (all, one, majority or a number)."),
    "end-outcome": ("Das Ende „{node}“ braucht ein Ergebnis: fulfilled, rejected oder cancelled.", "The end '{node}' needs an outcome: fulfilled, rejected or cancelled."),
    "no-name": ("„{node}“ hat keinen Namen ({lang}).", "'{node}' has no name ({lang})."),
    "not-a-duration": ("„{text}“ ist keine ISO-8601-Dauer wie P2D, PT8H oder R3/P1D.", "'{text}' is not an ISO 8601 duration such as P2D, PT8H or R3/P1D"),
    "started-twice": ("„{node}“ kann zweimal zugleich begonnen werden: Führen Sie die parallelen Zweige vorher zusammen.", "'{node}' can be started twice at the same time: join the parallel branches first"),
    "stuck": ("Der Ablauf kann stecken bleiben: „{node}“ wartet auf einen Zweig, der vielleicht nie kommt.", "The process can get stuck: '{node}' waits for a branch that may never arrive"),
    "gate-not-alone": ("Bei der Schranke „{node}“ kann noch anderes offen sein: Sie muss nach allem anderen kommen.", "At the gate '{node}' other branches can still be open: it must come after everything else."),
    "not-fully-checked": ("Der Ablauf ist zu groß und wurde nicht ganz geprüft ({states} Zustände).", "The model is too large and was not fully checked ({states} states)."),
}  # fmt: skip


def say(problem: Problem, lang: str) -> str:
    """The problem as a sentence in that language."""
    english = lang.startswith("en")
    if problem.code.startswith("cel-"):
        params = {key: value for key, value in problem.params.items() if key != "condition"}
        return cel.say(cel.CelError(problem.code.removeprefix("cel-"), params, 0), lang)
    german_words, english_words = WORDS[problem.code]
    params = {**problem.params, "line": problem.line}
    if "hint" in params:
        hint = params["hint"]
        asked = f", did you mean '{hint}'?" if english else f". Meinten Sie „{hint}“?"
        params["hint"] = asked if hint else ""
    return (english_words if english else german_words).format(**params)
