"""Copy the front-end files that pages load from node_modules to static/vendor (run `npm ci` first)."""

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "node_modules"
TARGET = ROOT / "static" / "vendor"

FILES = {
    "bootstrap": (
        "bootstrap/dist/css/bootstrap.min.css",
        "bootstrap/dist/css/bootstrap.min.css.map",
    ),
    "plotly": ("plotly.js-basic-dist-min/plotly-basic.min.js",),
    "fonts": (
        "@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2",
        "@fontsource-variable/source-sans-3/files/source-sans-3-latin-ext-wght-normal.woff2",
        "@expo-google-fonts/source-sans-3/400Regular/SourceSans3_400Regular.ttf",
        "@expo-google-fonts/source-sans-3/600SemiBold/SourceSans3_600SemiBold.ttf",
    ),
}


def copy_assets() -> int:
    """Replace the copies and return how many files were copied."""
    shutil.rmtree(TARGET, ignore_errors=True)
    for folder, paths in FILES.items():
        (TARGET / folder).mkdir(parents=True)
        for path in paths:
            shutil.copyfile(SOURCE / path, TARGET / folder / Path(path).name)
    return sum(len(paths) for paths in FILES.values())


def main() -> None:
    if not SOURCE.is_dir():
        sys.exit("node_modules is missing: run `npm ci` first.")
    print(f"Copied {copy_assets()} files to static/vendor.")


if __name__ == "__main__":
    main()
