"""Debian's Chromium, with cameras that show what a test wants to recognise, or with none."""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.video.pictures import Chroma

WIDTH, HEIGHT, RATE = 160, 120, 15
PERIOD = 30  # frames from dark to bright and back

FAKE = "--use-fake-device-for-media-stream"
ARGUMENTS = (
    "--allow-loopback-in-peer-connection",  # for a machine without any other network
    "--disable-features=WebRtcHideLocalIpsWithMdns",  # nobody answers multicast DNS here
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pings",
)
# What is plugged in. Whether a page may use it is up to the permissions of its context.
SEVERAL_DEVICES = (f"{FAKE}=device-count=3",)
NO_DEVICES = ()


def filming(camera: Path) -> tuple[str, ...]:
    """A camera that shows a film (.y4m or .mjpeg) over and over; whoever asks is given it."""
    return ("--use-fake-ui-for-media-stream", FAKE, f"--use-file-for-fake-video-capture={camera}")


def launch_options(devices: Sequence[str] = NO_DEVICES) -> dict[str, Any]:
    """How to launch it."""
    program = shutil.which("chromium")
    assert program, "Chromium is missing: `make test` installs it"
    arguments = [*ARGUMENTS, *devices]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium refuses to run as root otherwise
    return {"executable_path": program, "args": arguments}


def paint(camera: Path, chroma: Chroma) -> Path:
    """Write a film of one colour, growing brighter and darker (YUV4MPEG2)."""
    u, v = (bytes([value]) * (WIDTH * HEIGHT // 4) for value in chroma)
    with camera.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{RATE}:1 Ip A1:1 C420jpeg\n".encode())
        for number in range(PERIOD):
            luma = 110 + round(50 * math.sin(2 * math.pi * number / PERIOD))
            file.write(b"FRAME\n" + bytes([luma]) * (WIDTH * HEIGHT) + u + v)
    return camera
