"""The ready models that come with the package."""

from __future__ import annotations

from pathlib import Path

from ahpvalue.errors import AhpValueError, did_you_mean
from ahpvalue.model import Model, load_model

__all__ = ["template", "template_folder", "template_names"]

_TEMPLATES = Path(__file__).parent


def template_names() -> list[str]:
    """The ready models that come with the package."""
    return sorted(
        folder.name for folder in _TEMPLATES.iterdir() if (folder / "model.yaml").is_file()
    )


def template(name: str) -> Model:
    """A ready model; its judgments are invented and labelled so.

    It has no file to be saved back to: name one, as in ``template(...).save("model.yaml")``.

    Examples
    --------
    >>> template("retail-terminal").hierarchy.goal
    'value'
    """
    model = load_model(template_folder(name) / "model.yaml")
    if model.origin is not None:
        model.origin = model.origin.without_files()  # the package's own are not written over
    return model


def template_folder(name: str) -> Path:
    """Where a template's files are."""
    if name not in template_names():
        raise AhpValueError(f"there is no template {name!r}{did_you_mean(name, template_names())}")
    return _TEMPLATES / name
