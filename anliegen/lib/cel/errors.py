"""What can be wrong with an expression, when it is published and when it runs, and the words for it."""

from typing import Any

from anliegen.lib.text import LocalText


class CelError(Exception):
    """An expression that cannot be published: `code`, `params` for the words, `position` counted from 0.

    `params["hint"]` is what was probably meant, where there is something near.
    """

    def __init__(self, code: str, params: dict[str, Any] | None = None, position: int = 0) -> None:
        self.code = code
        self.params: dict[str, Any] = params or {}
        self.position = position
        super().__init__(code, self.params, position)

    def __str__(self) -> str:
        return say(self, "en")


class EvaluationError(Exception):
    """An expression that has no value for this data: `code`, `params` for the words."""

    def __init__(self, code: str, params: dict[str, Any] | None = None) -> None:
        self.code = code
        self.params: dict[str, Any] = params or {}
        super().__init__(code, self.params)

    def __str__(self) -> str:
        return say(self, "en")


def say(error: CelError | EvaluationError, lang: str) -> str:
    """The error as a sentence in German or English, with "did you mean" where something is near."""
    params: dict[str, Any] = {"position": getattr(error, "position", 0) + 1, **error.params}
    if lang.startswith("de") and error.code == "syntax":
        params["expected"] = _EXPECTED_DE.get(params["expected"], params["expected"])
        params["found"] = "das Ende" if params["found"] == "the end" else params["found"]
    text = _WORDS[error.code].to(lang).format_map(params)
    hint = error.params.get("hint")
    return f"{text} {_HINT.to(lang).format(hint=hint)}" if hint else text


_EXPECTED_DE = {
    "a value": "ein Wert",
    "a name": "ein Name",
    "a value or an operator": "ein Wert oder ein Operator",
    "an operator or the end": "ein Operator oder das Ende",
}
_HINT = LocalText("Meinten Sie „{hint}“?", "Did you mean '{hint}'?")
_WORDS = {
    "too-long": LocalText(
        "Der Ausdruck ist länger als {limit} Zeichen.", "The expression is longer than {limit} characters."
    ),
    "too-deep": LocalText(
        "Der Ausdruck ist tiefer als {limit} Ebenen verschachtelt.",
        "The expression is nested deeper than {limit} levels.",
    ),
    "syntax": LocalText(
        "An Stelle {position} steht „{found}“, erwartet wird {expected}.",
        "Found '{found}' at position {position}, expected {expected}.",
    ),
    "literal": LocalText("„{found}“ ist kein gültiger Wert.", "'{found}' is not a valid value."),
    "reserved": LocalText(
        "„{name}“ ist ein reserviertes Wort und kann kein Name sein.",
        "'{name}' is a reserved word and cannot be a name.",
    ),
    "not-supported": LocalText("„{what}“ wird nicht unterstützt.", "'{what}' is not supported."),
    "unknown-field": LocalText("Das Feld „{name}“ gibt es nicht.", "Unknown field '{name}'."),
    "unknown-function": LocalText("Die Funktion „{name}“ gibt es nicht.", "Unknown function '{name}'."),
    "unknown-value": LocalText(
        "„{value}“ ist keiner der möglichen Werte.", "'{value}' is none of the possible values."
    ),
    "no-overload": LocalText(
        "„{operator}“ gibt es nicht für {operands}.", "'{operator}' cannot be used with {operands}."
    ),
    "wrong-result": LocalText(
        "Der Ausdruck ergibt {found}, gebraucht wird {expected}.",
        "The expression gives {found}, but {expected} is needed.",
    ),
    "null": LocalText(
        "Mit null wird nicht verglichen. Schreiben Sie has(...), um zu fragen, ob ein Wert da ist.",
        "Nothing is compared with null. Write has(...) to ask whether there is a value.",
    ),
    "needs-field": LocalText(
        "has(...) braucht ein Feld, zum Beispiel has(answers.place).",
        "has(...) needs a field, for example has(answers.place).",
    ),
    "nested-loop": LocalText(
        "all und exists können nicht ineinander stehen.", "all and exists cannot stand inside each other."
    ),
    "shadow": LocalText(
        "„{name}“ ist schon der Name eines Feldes. Nehmen Sie einen anderen.",
        "'{name}' is the name of a field already. Choose another one.",
    ),
    "absent": LocalText("„{path}“ hat keinen Wert.", "'{path}' has no value."),
    "wrong-type": LocalText(
        "„{path}“ ist {found}, erwartet wird {expected}.", "'{path}' is {found}, but {expected} is expected."
    ),
    "overflow": LocalText("Das Ergebnis ist zu groß.", "The result is out of range."),
    "divide-by-zero": LocalText("Es wird durch null geteilt.", "Something is divided by zero."),
    "index": LocalText("Die Liste hat keine Stelle {index}.", "The list has no position {index}."),
    "bad-value": LocalText("„{value}“ ist kein Wert der Art {type}.", "'{value}' is not a {type}."),
    "several-rules": LocalText("Mehrere Zeilen gelten zugleich: {rows}.", "Several rows match at once: {rows}."),
    "rules-disagree": LocalText(
        "Die Zeilen {rows} gelten zugleich und ergeben Verschiedenes.",
        "Rows {rows} match at once and give different results.",
    ),
    "list-too-long": LocalText("Die Liste hat mehr als {limit} Einträge.", "The list has more than {limit} entries."),
    "string-too-long": LocalText(
        "Der Text ist länger als {limit} Zeichen.", "The text is longer than {limit} characters."
    ),
}
