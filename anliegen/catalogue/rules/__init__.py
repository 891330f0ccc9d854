"""What an item is and what may be answered to it, in pure values."""

from anliegen.catalogue.rules.answers import (
    TRUST,
    CheckedAnswers,
    Lookup,
    Price,
    check,
    defaults,
    possible_id,
    price,
    text_problem,
    tidy,
    visible,
)
from anliegen.catalogue.rules.audience import AUDIENCE, audience_holds
from anliegen.catalogue.rules.bundles import BundleContent, BundlePart, bundle_problems, read_parts, stored_parts
from anliegen.catalogue.rules.forms import (
    Form,
    FormError,
    Option,
    Problem,
    Question,
    QuestionType,
    answers_type,
    parse,
    schema,
)
from anliegen.catalogue.rules.items import CategoryContent, ItemContent, TargetContent, problems
from anliegen.catalogue.rules.words import ASKING, Channel, Kind, Measure

__all__ = [
    "ASKING",
    "AUDIENCE",
    "TRUST",
    "BundleContent",
    "BundlePart",
    "CategoryContent",
    "Channel",
    "CheckedAnswers",
    "Form",
    "FormError",
    "ItemContent",
    "Kind",
    "Lookup",
    "Measure",
    "Option",
    "Price",
    "Problem",
    "Question",
    "QuestionType",
    "TargetContent",
    "answers_type",
    "audience_holds",
    "bundle_problems",
    "check",
    "defaults",
    "parse",
    "possible_id",
    "price",
    "problems",
    "read_parts",
    "schema",
    "stored_parts",
    "text_problem",
    "tidy",
    "visible",
]
