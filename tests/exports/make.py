"""Write the export files of this folder: ``python -m tests.exports.make``.

Nobody in them exists. Each has the shape that its tool gives its exports; ``expected.toml`` says,
written by hand, what must become of it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.exports import agency, google, kobo, limesurvey, microsoft, surveys

FOLDER = Path(__file__).parent / "files"
FILES: dict[str, Callable[[], bytes]] = {
    **google.FILES,
    **kobo.FILES,
    **limesurvey.FILES,
    **microsoft.FILES,
    **agency.FILES,
    **surveys.FILES,
}


def main() -> None:
    for name, make in FILES.items():
        (FOLDER / name).write_bytes(make())


if __name__ == "__main__":
    main()
