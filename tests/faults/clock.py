"""A wall clock that jumps: libfaketime under a server, and a file that says how far off it is."""

from __future__ import annotations

from pathlib import Path

LIBRARY = "*/faketime/libfaketime.so.1"  # of the Debian package libfaketime
NAP = Path(__file__).parent / "nap"
WHERE = (Path("/usr/lib"), Path("/usr/lib64"), Path("/usr/local/lib"))


class Clock:
    """The clock that a process sees which is started with `settings`."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.offset = 0
        self.jump_to(0)

    @property
    def settings(self) -> dict[str, str]:
        """Variables of the environment; raises FileNotFoundError without libfaketime."""
        found = [library for folder in WHERE for library in folder.glob(LIBRARY)]
        if not found:
            raise FileNotFoundError(f"no {LIBRARY}: install libfaketime")
        return {
            "LD_PRELOAD": str(found[0]),
            "PYTHONPATH": str(NAP),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",  # s; read at every call, it hangs who has threads
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",  # or gunicorn's own heartbeat, a file's time, would seem to jump
        }

    def jump_to(self, offset: int) -> None:
        """Be `offset` seconds ahead of the true time, or behind it if that is negative."""
        self.offset = offset
        new = self._file.with_suffix(".new")
        new.write_text(f"{offset:+d}\n")
        new.replace(self._file)  # at once, because it is read all the time
