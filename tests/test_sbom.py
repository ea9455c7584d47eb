"""The bill of materials lists what the lock files pin: nothing more, nothing less, each with its address."""

import json
import re

import pytest
from django.conf import settings

from tools import sbom

ROOT = settings.BASE_DIR


@pytest.fixture(scope="module")
def bill():
    return json.loads(sbom.bill_of_materials())


def python_pins() -> set[str]:
    """Return them as a line each, found another way than the tool finds them."""
    lines = [line for lock in sbom.PYTHON_LOCKS for line in (ROOT / lock).read_text().splitlines()]
    return {line.split()[0] for line in lines if line and line[0] not in " #"}


def front_end_pins() -> set[str]:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    del packages[""]
    return {
        f"{folder.split('node_modules/')[-1]}@{package['version']}"
        for folder, package in packages.items()
        if not package.get("dev")
    }


def test_it_lists_exactly_the_pinned_packages_with_their_addresses(bill):
    python = {"pkg:pypi/" + pin.replace("==", "@") for pin in python_pins()}
    front_end = {"pkg:npm/" + re.sub("^@", "%40", pin) for pin in front_end_pins()}
    addresses = [component["purl"] for component in bill["components"]]
    assert sorted(addresses) == sorted(python | front_end)


def test_names_and_versions_are_those_of_the_addresses(bill):
    for component in bill["components"]:
        name = "/".join(filter(None, [component.get("group"), component["name"]]))
        assert component["purl"].replace("%40", "@").split("/", 1)[1] == f"{name}@{component['version']}"


def test_it_is_cyclonedx_and_names_this_project_at_its_version(bill):
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)[1]
    about = bill["metadata"]["component"]
    assert (about["name"], about["version"]) == ("alliance-tracker", version)


def test_every_part_hangs_on_this_project(bill):
    [depends] = [part["dependsOn"] for part in bill["dependencies"] if part["ref"] == "alliance-tracker"]
    assert sorted(depends) == sorted(component["bom-ref"] for component in bill["components"])


def test_pins_of_every_kind_are_read():
    lock = 'psycopg[binary,pool]==3.3.1 ; os_name != "nt" \\\n    --hash=sha256:00\n    # via x==9\nplain==1.0\n'
    assert [str(package) for package in sbom.python_packages(lock)] == ["pkg:pypi/psycopg@3.3.1", "pkg:pypi/plain@1.0"]
    lock = '{"packages": {"": {}, "node_modules/a/node_modules/@b/c": {"version": "2.0.0"}, '
    lock += '"node_modules/linter": {"version": "1.0.0", "dev": true}}}'
    assert [str(package) for package in sbom.front_end_packages(lock)] == ["pkg:npm/%40b/c@2.0.0"]


def test_the_command_writes_the_file(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sbom, "ROOT", tmp_path)
    monkeypatch.setattr(sbom, "WRITTEN_TO", tmp_path / "var" / "sbom.json")
    for name in (*sbom.PYTHON_LOCKS, "package-lock.json", "pyproject.toml"):
        (tmp_path / name).write_text((ROOT / name).read_text())
    sbom.main()
    written = json.loads((tmp_path / "var" / "sbom.json").read_text())
    assert capsys.readouterr().out == f"var/sbom.json: {len(written['components'])} packages\n"
