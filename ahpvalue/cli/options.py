"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["AllowOutside", "CustomersFile", "Json", "Language", "ModelFile"]

ModelFile = Annotated[Path, typer.Argument(help="The model document (YAML).")]
CustomersFile = Annotated[Path, typer.Argument(help="Customers: .csv, .csv.gz or .parquet.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]
Language = Annotated[str, typer.Option(help="Language of the labels, such as zh or en.")]
AllowOutside = Annotated[
    bool,
    typer.Option("--allow-outside", help="Read experts' files outside the model's folder, too."),
]
