"""Write the bill of materials: the packages that the lock files pin, as CycloneDX JSON.

It lists what the service runs with and what its front-end files are installed with, not what only tests need.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parent.parent
PYTHON_LOCKS = ("requirements.txt", "requirements-node.txt")
WRITTEN_TO = ROOT / "var" / "sbom.json"


def python_packages(lock: str) -> Iterator[PackageURL]:
    """Yield the packages that a lock file of pip pins."""
    for name, version in re.findall(r"^([\w.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", lock, re.MULTILINE):
        yield PackageURL("pypi", name=name, version=version)


def front_end_packages(lock: str) -> Iterator[PackageURL]:
    """Yield what npm installs but for the linter. The entry without a folder is this project itself."""
    for folder, package in json.loads(lock)["packages"].items():
        if folder and not package.get("dev"):
            scope, _, name = folder.rpartition("node_modules/")[2].rpartition("/")
            yield PackageURL("npm", namespace=scope or None, name=name, version=package["version"])


def pinned() -> set[PackageURL]:
    """Return every pinned package."""
    python = [package for lock in PYTHON_LOCKS for package in python_packages((ROOT / lock).read_text())]
    return {*python, *front_end_packages((ROOT / "package-lock.json").read_text())}


def component(package: PackageURL) -> Component:
    """Return a package as CycloneDX writes it."""
    return Component(
        type=ComponentType.LIBRARY,
        group=package.namespace,
        name=package.name,
        version=package.version,
        purl=package,
        bom_ref=package.to_string(),
    )


def bill_of_materials() -> str:
    """Return the bill of materials as JSON."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    bom = Bom(components=map(component, pinned()))
    bom.metadata.component = Component(
        type=ComponentType.APPLICATION, name=project["name"], version=project["version"], bom_ref=project["name"]
    )
    bom.register_dependency(bom.metadata.component, bom.components)  # flat: which needs which is not looked up
    return JsonV1Dot6(bom).output_as_string(indent=2)


def main() -> None:
    WRITTEN_TO.parent.mkdir(mode=0o700, exist_ok=True)
    WRITTEN_TO.write_text(bill_of_materials() + "\n")
    sys.stdout.write(f"{WRITTEN_TO.relative_to(ROOT)}: {len(pinned())} packages\n")


if __name__ == "__main__":
    main()
