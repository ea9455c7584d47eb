"""Secrets: from the environment, or from git-ignored files made on first run."""

import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured


def make_secret() -> str:
    return secrets.token_urlsafe(50)


def make_field_key() -> str:
    return Fernet.generate_key().decode()


def secret_from(variable: str, path: Path, make: Callable[[], str], *, production: bool) -> str:
    """Return the secret named by an environment variable, or the one kept in a file.

    Outside production a missing file is made. In production the variable is needed: ImproperlyConfigured without it.
    """
    if value := os.environ.get(variable):
        return value
    if production:
        raise ImproperlyConfigured(f"Set {variable}: production reads its secrets from the environment only.")
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(make())
        sys.stderr.write(f"Made {path}. Back it up: what it encrypts cannot be read without it.\n")
    return path.read_text().strip()
