"""Print the versions of uv.lock as pip constraints, so that a machine without uv installs the same packages."""

from __future__ import annotations

import sys
import tomllib
from collections import defaultdict
from pathlib import Path


def constraints(lock: Path) -> list[str]:
    """Return `name==version` for each locked package; one that has several versions (by platform) is left to pip."""
    versions: defaultdict[str, set[str]] = defaultdict(set)
    for package in tomllib.loads(lock.read_text(encoding="utf-8"))["package"]:
        if "registry" in package["source"]:
            versions[package["name"]].add(package["version"])
    return [f"{name}=={found.pop()}" for name, found in sorted(versions.items()) if len(found) == 1]


if __name__ == "__main__":
    print("\n".join(constraints(Path(sys.argv[1]))))
