"""Debian's Chromium, and cameras for it that show what a test wants to recognise."""

from __future__ import annotations

import math
import os
import shutil
from pathlib import Path
from typing import Any

from tests.video.pictures import Chroma

WIDTH, HEIGHT, RATE = 160, 120, 15
PERIOD = 30  # frames from dark to bright and back

ARGUMENTS = (
    "--use-fake-ui-for-media-stream",  # answers "yes" when the page asks for a device
    "--use-fake-device-for-media-stream",
    "--allow-loopback-in-peer-connection",  # for a machine without any other network
    "--disable-features=WebRtcHideLocalIpsWithMdns",  # nobody answers multicast DNS here
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pings",
)


def launch_options(camera: Path | None = None) -> dict[str, Any]:
    """How to launch it, with `camera` (.y4m or .mjpeg) to be filmed over and over."""
    program = shutil.which("chromium")
    assert program, "Chromium is missing: `make test` installs it"
    arguments = list(ARGUMENTS)
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium refuses to run as root otherwise
    if camera is not None:
        arguments.append(f"--use-file-for-fake-video-capture={camera}")
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
