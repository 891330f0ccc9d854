"""Random identifiers that may be seen outside: never a database id."""

import secrets
import uuid

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that is misread on the telephone


def public_id() -> str:
    """22 characters, 109 bits: for addresses of things without a code (drafts, files, persons)."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(22))


def random_person_id() -> uuid.UUID:
    """What stands for a person in sealed audit rows."""
    return uuid.uuid4()
