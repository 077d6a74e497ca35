"""Moving pictures that can be told apart: a flat colour that grows brighter and darker."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, field
from itertools import count

from aiortc.mediastreams import MediaStreamError, MediaStreamTrack, VideoStreamTrack
from av import VideoFrame

WIDTH, HEIGHT = 160, 120
TOLERANCE = 12  # what lossy coding may change of a flat colour, of 256
PERIOD = 20  # frames from dark to bright and back
Chroma = tuple[int, int]

RED: Chroma = (90, 220)
BLUE: Chroma = (220, 90)


class Painter(VideoStreamTrack):
    """Makes frames of one colour (U and V of YUV 4:2:0) and of moving brightness."""

    def __init__(self, chroma: Chroma) -> None:
        super().__init__()
        self._chroma = chroma
        self._numbers = count()

    async def recv(self) -> VideoFrame:
        """The next frame, when it is due."""
        frame = VideoFrame(WIDTH, HEIGHT, "yuv420p")
        luma = 128 + round(80 * math.sin(2 * math.pi * next(self._numbers) / PERIOD))
        for plane, value in zip(frame.planes, (luma, *self._chroma), strict=True):
            plane.update(bytes([value]) * plane.buffer_size)
        frame.pts, frame.time_base = await self.next_timestamp()
        return frame


@dataclass
class Viewer:
    """What has been seen of the stranger: how many frames, of which colours and brightness."""

    frames: int = 0
    chromas: list[Chroma] = field(default_factory=list)
    lumas: set[int] = field(default_factory=set)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def watch(self, track: MediaStreamTrack) -> None:
        """Look at every frame until the track ends."""
        try:
            while True:
                frame = await track.recv()
                assert isinstance(frame, VideoFrame)
                self._see(frame.reformat(format="yuv420p"))
        except MediaStreamError:
            return

    async def see_more(self, frames: int) -> None:
        """Wait until that many more frames have been seen."""
        target = self.frames + frames
        while self.frames < target:
            self._news.clear()
            await self._news.wait()

    def saw_only(self, chroma: Chroma) -> bool:
        """Whether every frame had this colour."""
        return all(
            abs(seen - sent) <= TOLERANCE
            for each in self.chromas
            for seen, sent in zip(each, chroma, strict=True)
        )

    def _see(self, frame: VideoFrame) -> None:
        luma, *chroma = (_mean(frame, plane) for plane in range(3))
        self.lumas.add(luma)
        self.chromas.append((chroma[0], chroma[1]))
        self.frames += 1
        self._news.set()


def _mean(frame: VideoFrame, number: int) -> int:
    """The mean of a plane, without the padding of its lines."""
    plane = frame.planes[number]
    data = bytes(plane)
    lines = [data[row * plane.line_size :][: plane.width] for row in range(plane.height)]
    return round(sum(map(sum, lines)) / (plane.width * plane.height))
