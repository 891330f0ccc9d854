"""The register of data: each model field has a purpose and a deletion class."""

import tomllib
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
CLASSES = {"config", "person", "request", "audit", "technical", "session", "draft", "file"}
OURS = [app for app in apps.get_app_configs() if app.name.startswith("anliegen.")]


def register(label: str) -> dict[str, dict[str, list[str]]]:
    file = ROOT / "anliegen" / label / "privacy.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


@pytest.mark.parametrize("app", OURS, ids=lambda app: app.label)
def test_each_field_is_registered(app: object) -> None:
    known = register(app.label)  # type: ignore[attr-defined]
    missing = [
        f"[{model.__name__}] {field.name}"
        for model in app.get_models()  # type: ignore[attr-defined]
        for field in model._meta.local_fields + model._meta.local_many_to_many
        if not field.primary_key or field.remote_field
        if field.name not in known.get(model.__name__, {})
    ]
    assert not missing


@pytest.mark.parametrize("app", OURS, ids=lambda app: app.label)
def test_each_entry_has_a_purpose_and_a_known_class_and_belongs_to_a_field(app: object) -> None:
    models = {model.__name__: model for model in app.get_models()}  # type: ignore[attr-defined]
    for name, entries in register(app.label).items():  # type: ignore[attr-defined]
        fields = {field.name for field in models[name]._meta.get_fields()}
        for field, (purpose, kind) in entries.items():
            assert field in fields, f"[{name}] {field} is no field"
            assert purpose
            assert kind in CLASSES
