"""Problems in words, in German and English. Each names the element, so that an editor can mark it."""

from anliegen.lib import cel
from anliegen.lib.text import LocalText
from anliegen.workflow.engine.problems import Problem


def say(problem: Problem, lang: str) -> str:
    """The problem as a sentence in that language."""
    if problem.code.startswith("cel-"):
        params = {key: value for key, value in problem.params.items() if key not in {"condition", "text"}}
        return cel.say(cel.CelError(problem.code.removeprefix("cel-"), params), lang)
    params = {**problem.params, "line": problem.line}
    text = WORDS[problem.code].to(lang).format_map(params)
    hint = params.get("hint")
    return f"{text} {_HINT.to(lang).format(hint=hint)}" if hint else text


def where(problem: Problem, lang: str) -> str:
    """The same, with the line of the file where it is known."""
    line = LocalText("Zeile {line}: ", "Line {line}: ").to(lang).format(line=problem.line) if problem.line else ""
    return line + say(problem, lang)


_HINT = LocalText("Meinten Sie „{hint}“?", "Did you mean '{hint}'?")

_READING: dict[str, tuple[str, str]] = {
    "not-xml": ("Das ist kein lesbares XML: {why}", "This is not readable XML: {why}"),
    "doctype": ("Eine DOCTYPE-Angabe ist nicht erlaubt.", "A DOCTYPE is not allowed."),
    "too-large": ("Die Datei ist größer als {most} Bytes.", "The file is larger than {most} bytes."),
    "not-bpmn": ("Das ist kein BPMN 2.0: Gefunden wurde {found}.", "This is not BPMN 2.0: found {found}."),
    "one-process": (
        "Es muss genau einen Prozess geben. Gefunden: {found}.",
        "There must be exactly one process. Found: {found}.",
    ),
    "too-many-nodes": ("Mehr als {most} Elemente sind nicht erlaubt.", "More than {most} elements are not allowed."),
    "no-id": ("Ein Element „{name}“ hat keine Kennung.", "An element '{name}' has no id."),
    "double-id": ("„{id}“ gibt es zweimal.", "'{id}' is used twice."),
    "not-supported": ("„{name}“ wird nicht unterstützt.", "'{name}' is not supported."),
    "unknown-attribute": ("Die Angabe „{name}“ gibt es nicht.", "Unknown attribute '{name}'."),
    "bad-value": ("„{name}“ kann nicht „{value}“ sein.", "'{name}' cannot be '{value}'."),
    "no-duration": ("Der Timer „{name}“ hat keine Zeit.", "The timer '{name}' has no time."),
    "loose-arrow": ("Hier wird „{end}“ genannt, das es nicht gibt.", "This names '{end}', which does not exist."),
    "unknown-call": (
        "Den aufgerufenen Ablauf „{called}“ gibt es nicht.",
        "The called model '{called}' does not exist.",
    ),
    "not-an-expression": (
        "Nur CEL-Ausdrücke werden unterstützt, nicht „{name}“.",
        "Only CEL expressions are supported, not '{name}'.",
    ),
}
_DRAWING: dict[str, tuple[str, str]] = {
    "one-start": ("Es muss genau einen Start geben. Gefunden: {found}.", "There must be one start. Found: {found}."),
    "no-end": ("Der Ablauf hat kein Ende.", "The process has no end."),
    "phases": ("Ein Ablauf hat 3 bis 7 Abschnitte. Gefunden: {found}.", "A model has 3 to 7 phases. Found: {found}."),
    "unknown-node": ("„{name}“ nennt „{node}“, das es nicht gibt.", "'{name}' names '{node}', which does not exist."),
    "after-end": ("Nach dem Ende „{node}“ darf nichts kommen.", "Nothing may follow the end '{node}'."),
    "before-start": ("Zum Start „{node}“ darf kein Pfeil führen.", "No arrow may lead to the start '{node}'."),
    "dead-end": ("„{node}“ ist eine Sackgasse: Danach kommt nichts.", "'{node}' is a dead end: nothing follows."),
    "many-arrows": (
        "Aus „{node}“ führen mehrere Pfeile. Setzen Sie ein Gateway dahinter.",
        "'{node}' has several outgoing arrows: put a gateway after it",
    ),
    "no-default": (
        "„{node}“ hat keinen Standardpfeil, ein Anliegen könnte stecken bleiben.",
        "'{node}' has no default arrow, so a request could get stuck",
    ),
    "no-condition": (
        "Der Pfeil von „{node}“ zu „{target}“ hat keine Bedingung.",
        "The arrow from '{node}' to '{target}' has no condition",
    ),
    "default-condition": (
        "Der Standardpfeil von „{node}“ zu „{target}“ darf keine Bedingung haben.",
        "The default arrow from '{node}' to '{target}' must not have a condition",
    ),
    "condition-at": (
        "Nach „{node}“ wird nicht gewählt: Eine Bedingung gehört an einen Pfeil aus einem Gateway.",
        "'{node}' does not choose: a condition belongs to an arrow out of a gateway",
    ),
    "timer-at": ("An „{node}“ kann kein Timer hängen.", "'{node}' cannot have a timer at its edge"),
    "unreachable": ("„{node}“ wird nie erreicht.", "'{node}' is never reached"),
    "ring": (
        "Der Ablauf kann sich um „{node}“ ohne Ende im Kreis drehen.",
        "The process can run in circles around '{node}' without end",
    ),
    "or-loop": (
        "„{node}“: Zwei inklusive Zusammenführungen in einer Schleife werden nicht unterstützt.",
        "'{node}': two inclusive joins in one loop are not supported",
    ),
}
_STEPS: dict[str, tuple[str, str]] = {
    "not-a-name": (
        "„{name}“ kann kein Name sein: Erlaubt sind Buchstaben, Ziffern und _, und er darf nicht vergeben sein.",
        "'{name}' cannot be a name: use letters, digits and _, and one that is not taken",
    ),
    "no-name": ("„{node}“ hat keinen Namen (Sprache: {lang}).", "'{node}' has no name (language: {lang})"),
    "no-label": (
        "„{node}“: Das Feld „{name}“ hat keine Beschriftung (Sprache: {lang}).",
        "'{node}': the field '{name}' has no label (language: {lang})",
    ),
    "end-outcome": (
        "Das Ende „{node}“ braucht ein Ergebnis: fulfilled, rejected, cancelled oder handed-over.",
        "The end '{node}' needs an outcome: fulfilled, rejected, cancelled or handed-over",
    ),
    "unknown-table": ("Die Tabelle „{name}“ gibt es nicht.", "Unknown table '{name}'."),
    "unknown-automation": ("Die Automatik „{name}“ gibt es nicht.", "Unknown automation '{name}'."),
    "unknown-message": ("Die Nachricht „{name}“ gibt es nicht.", "Unknown message '{name}'."),
    "unknown-kind": ("„{node}“: Die Art „{name}“ gibt es nicht.", "'{node}': unknown kind '{name}'."),
    "unknown-phase": ("„{node}“: Den Abschnitt „{name}“ gibt es nicht.", "'{node}': unknown phase '{name}'."),
    "unknown-field-rule": (
        "„{node}“: Die Feldregel „{name}“ gibt es nicht.",
        "'{node}': unknown rule of a field '{name}'.",
    ),
    "unknown-type": ("„{node}“: Den Feldtyp „{name}“ gibt es nicht.", "'{node}': unknown type of field '{name}'."),
    "unknown-who": ("„{node}“: „{name}“ ist niemand.", "'{node}': '{name}' is nobody."),
    "unknown-team": ("„{node}“: Das Team „{name}“ gibt es nicht.", "'{node}': unknown team '{name}'."),
    "unknown-role": ("„{node}“: Die Rolle „{name}“ gibt es nicht.", "'{node}': unknown role '{name}'."),
    "nobody": ("„{node}“ sagt nicht, wer es macht.", "'{node}' does not say who does it"),
    "vacant": ("„{node}“: „{name}“ hat im Moment niemanden.", "'{node}': nobody holds '{name}' at present"),
    "step-names-nobody": (
        "„{node}“: Der Schritt „{name}“ nennt kein Team und keine Person.",
        "'{node}': the step '{name}' names neither a team nor a person",
    ),
    "unknown-outcome": ("„{node}“: Das Ergebnis „{name}“ gibt es nicht.", "'{node}': unknown outcome '{name}'."),
    "unknown-step": ("„{node}“: Den Schritt „{name}“ gibt es nicht.", "'{node}': unknown step '{name}'."),
    "table-names-nobody": (
        "„{node}“: Die Tabelle „{name}“ nennt kein Team und keine Person.",
        "'{node}': the table '{name}' names neither a team nor a person",
    ),
    "table-ticks-nothing": (
        "„{node}“: Die Tabelle „{name}“ nennt nichts, was abzuhaken ist.",
        "'{node}': the table '{name}' names nothing to tick",
    ),
    "justification": (
        "„{text}“ bei „{node}“: Nur eine Genehmigung verlangt eine eigene Begründung, mit 1 bis 999 Zeichen.",
        "'{text}' at '{node}': only an approval asks for an own justification, of 1 to 999 characters.",
    ),
    "quorum": (
        "„{text}“ ist keine Zahl von Stimmen. Erlaubt: all, one, majority oder eine Zahl.",
        "'{text}' is not a number of votes. Use all, one, majority or a number",
    ),
    "not-a-duration": (
        "„{text}“ ist keine Dauer nach ISO 8601, zum Beispiel P2D, PT8H oder R3/P1D.",
        "'{text}' is not an ISO 8601 duration such as P2D, PT8H or R3/P1D",
    ),
    "repeats-once": (
        "„{text}“ wiederholt sich, unterbricht aber schon beim ersten Mal.",
        "'{text}' repeats, but interrupts the first time",
    ),
}
_RUNNING: dict[str, tuple[str, str]] = {
    "started-twice": (
        "„{node}“ kann zweimal zugleich begonnen werden: Führen Sie die parallelen Zweige vorher zusammen.",
        "'{node}' can be started twice at the same time: join the parallel branches first",
    ),
    "stuck": (
        "Der Ablauf kann stecken bleiben: „{node}“ wartet auf einen Zweig, der vielleicht nie kommt.",
        "The process can get stuck: '{node}' waits for a branch that may never arrive",
    ),
    "never-ends": (
        "Von „{node}“ aus kommt der Ablauf nie zu einem Ende.",
        "The process can never come to an end from '{node}'",
    ),
    "ends-too-early": (
        "Das Ende „{node}“ kann erreicht werden, während noch gearbeitet wird: Nehmen Sie ein Terminierungs-Ende.",
        "The end '{node}' can be reached while other branches still run: use a terminate end",
    ),
    "gate-not-alone": (
        "„{node}“ kann mehrmals erreicht werden: Führen Sie vorher alle Zweige zusammen.",
        "'{node}' is the gate and can be reached more than once: join all branches before it",
    ),
    "not-fully-checked": (
        "Der Ablauf ist groß und wurde nicht ganz geprüft ({states} Zustände).",
        "The process is large and was not fully checked ({states} states)",
    ),
    "written-twice": (
        "„{node}“ und „{other}“ schreiben zugleich „{name}“: Benennen Sie eines um.",
        "'{node}' and '{other}' write '{name}' at the same time: rename one of them",
    ),
    "written-differently": (
        "„{node}“ und „{other}“ schreiben „{name}“ in verschiedenen Typen.",
        "'{node}' and '{other}' write '{name}' with different types",
    ),
    "target-too-short": (
        "Die Zusage ({target} Minuten) ist kürzer als die Schritte ({needed} Minuten).",
        "The service level ({target} minutes) is shorter than its steps ({needed} minutes)",
    ),
}

WORDS: dict[str, LocalText] = {
    code: LocalText(*words) for part in (_READING, _DRAWING, _STEPS, _RUNNING) for code, words in part.items()
}
