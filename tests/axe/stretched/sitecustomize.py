"""Let the product under test speak the catalogue named by STRETCHED, over its own. Python loads this file at its start."""

import os
from pathlib import Path

from django.utils.translation import trans_real

own = trans_real.DjangoTranslation._add_local_translations


def also_stretched(catalogue):
    own(catalogue)
    with Path(os.environ["STRETCHED"]).open("rb") as file:
        catalogue.merge(trans_real.gettext_module.GNUTranslations(file))


trans_real.DjangoTranslation._add_local_translations = also_stretched
