"""`anliegen search rebuild|verify`."""

from anliegen.search import rebuilding


def rebuild(kinds: list[str]) -> int:
    """Build these kinds anew, or all."""
    if strange := sorted(set(kinds) - set(rebuilding.kinds())):
        print(f"There is no kind {', '.join(strange)}; there are {', '.join(rebuilding.kinds())}.")
        return 2
    for kind in kinds or rebuilding.kinds():
        print(f"{kind}: {rebuilding.rebuild(kind)} texts")
    return 0


def verify(sample: int) -> int:
    """Look whether the index fits; 1 if it does not."""
    found = rebuilding.verify(sample)
    for line in found[:50]:
        print(line)
    print(f"{len(found)} differences. Run `anliegen search rebuild`." if found else "The index fits.")
    return 1 if found else 0
