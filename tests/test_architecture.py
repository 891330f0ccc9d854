"""What import-linter and ruff cannot see: foreign keys to later stages, writes in views, open doors of templates."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parent.parent
# From the bottom to the top, as in the layers of pyproject.toml; siblings share a number.
STAGES = {
    "ui": 0,
    "jobs": 1,
    "audit": 2,
    "files": 3,
    "search": 3,
    "people": 4,
    "calendars": 5,
    "catalogue": 6,
    "knowledge": 6,
    "assets": 6,
    "requests": 7,
    "workflow": 8,
    "sla": 9,
    "tracking": 10,
    "notifications": 11,
    "portal": 12,
    "desk": 12,
    "studio": 12,
    "demo": 13,
    "project": 14,
}
WRITES = {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
OURS = [app for app in apps.get_app_configs() if app.name.startswith("anliegen.")]


def test_every_package_has_its_stage() -> None:
    assert {app.label for app in OURS} <= set(STAGES)


@pytest.mark.parametrize("app", OURS, ids=lambda app: app.label)
def test_no_foreign_key_points_to_a_later_stage(app: object) -> None:
    for model in app.get_models():  # type: ignore[attr-defined]
        for field in model._meta.local_fields + model._meta.local_many_to_many:
            target = field.related_model
            if not isinstance(target, type) or not issubclass(target, models.Model):
                continue
            label = target._meta.app_label
            own = STAGES[app.label]  # type: ignore[attr-defined]
            if label in STAGES and label != app.label:  # type: ignore[attr-defined]
                assert STAGES[label] < own, f"{model.__name__}.{field.name} points to {label}"


def views() -> list[Path]:
    found = [p for face in ("portal", "desk") for p in (ROOT / "anliegen" / face / "views").rglob("*.py")]
    return sorted(found)


@pytest.mark.parametrize("path", views(), ids=lambda path: str(path.relative_to(ROOT)))
def test_views_neither_read_nor_write_tables_nor_catch(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute):
            assert node.attr != "objects", f"line {node.lineno}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            value = node.func.value
            # dict.update and sets are fine; a call on a model or a queryset is not.
            assert not (isinstance(value, ast.Attribute) and value.attr == "objects"), f"line {node.lineno}"
            assert node.func.attr != "save", f"line {node.lineno}"
        assert not isinstance(node, ast.Try), f"line {node.lineno}: the middleware catches"


def templates() -> list[Path]:
    return sorted(p for p in (ROOT / "anliegen").glob("*/templates/**/*.html") if "mail" not in p.parts)


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(ROOT / "anliegen")))
def test_templates_keep_to_the_content_policy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<[^>]+\sstyle=", text), "style attributes are forbidden"
    assert not re.search(r"<[^>]+\son[a-z]+=|hx-on", text), "handlers in attributes are forbidden"
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text), "inline scripts are forbidden"
    assert "|safe" not in text, "nothing is safe by being called so"
    assert not re.search(r"""(?:src|href)=["']https?://""", text), "nothing comes from other hosts"
