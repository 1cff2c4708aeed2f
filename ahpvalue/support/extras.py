"""Optional packages: loaded on first use, and asked for by the extra that brings them."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from ahpvalue.errors import AhpValueError, MissingExtraError, did_you_mean

__all__ = ["command_needs", "frame_package", "need"]

_FRAME_PACKAGES = ("pandas", "polars", "pyarrow")


def need(module: str, extra: str, purpose: str) -> Any:
    """Import `module`, or say which extra brings it and what it was wanted for."""
    try:
        return import_module(module)
    except ImportError as missing:
        raise MissingExtraError(
            f"{purpose} needs {module.partition('.')[0]}, which is not installed: "
            f'pip install "ahpvalue[{extra}]"'
        ) from missing


def frame_package(wanted: str | None = None) -> str:
    """Name of the data frame package to answer with.

    The one asked for; else one the caller's program has already imported; else one that
    is installed (pandas, polars and pyarrow, in this order).
    """
    if wanted is not None:
        if wanted not in _FRAME_PACKAGES:
            near = did_you_mean(wanted, _FRAME_PACKAGES)
            raise AhpValueError(f"there is no data frame package {wanted!r} here{near}")
        need(wanted, "engines", f"a {wanted} data frame")
        return wanted
    for name in _FRAME_PACKAGES:
        if name in sys.modules:
            return name
    for name in _FRAME_PACKAGES:
        if find_spec(name) is not None:
            return name
    raise MissingExtraError(
        "a data frame needs pandas, polars or pyarrow, and none is installed: "
        'pip install "ahpvalue[engines]"'
    )


def command_needs(package: str | None) -> str:
    """What is said when the command line lacks a package."""
    return (
        f'the ahpvalue command needs {package}, which is not installed: pip install "ahpvalue[cli]"'
    )
