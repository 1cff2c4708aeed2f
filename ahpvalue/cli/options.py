"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["AllowOutside", "CustomersFile", "DryRun", "Force", "Json", "Language", "ModelFile"]

ModelFile = Annotated[Path, typer.Argument(help="The model document (YAML).")]
CustomersFile = Annotated[Path, typer.Argument(help="Customers: .csv, .csv.gz or .parquet.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite a document that is there.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show what would change and write nothing.")
]
Language = Annotated[str, typer.Option(help="Language of the labels, such as zh or en.")]
AllowOutside = Annotated[
    bool,
    typer.Option("--allow-outside", help="Read experts' files outside the model's folder, too."),
]
