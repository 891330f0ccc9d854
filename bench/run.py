"""One filled database, in a process of its own: measure. Prints a JSON line for each figure."""

import dataclasses
import json
import logging
import sys

import django


def main(size: int, only: list[str], runs: int) -> None:
    django.setup()
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    from bench import visits

    for figures in visits.all_of_them(only, runs):
        print(json.dumps({"requests": size, **dataclasses.asdict(figures)}), flush=True)


if __name__ == "__main__":
    size, only, runs = sys.argv[1:4]
    main(int(size), [word for word in only.split(",") if word], int(runs))
