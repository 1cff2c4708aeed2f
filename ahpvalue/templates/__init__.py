"""Ready models: documents as data, and how they are found."""

from ahpvalue.templates.bundled import template, template_folder, template_names

__all__ = [
    "template",
    "template_folder",
    "template_names",
]
