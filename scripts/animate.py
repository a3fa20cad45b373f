"""Puts the frames that `npm run screenshot` has taken together: docs/images/live.gif."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
FRAMES = ROOT / "test-results" / "film"
PICTURE = ROOT / "docs" / "images" / "live.gif"
COLOURS = 128
MOST_BYTES = 1_500_000


def main() -> int:
    """Write the picture."""
    listed = json.loads((FRAMES / "frames.json").read_text(encoding="utf-8"))
    frames = [Image.open(FRAMES / each["file"]).convert("RGB") for each in listed]
    # One palette for all: else what does not change would shimmer.
    palette = _palette(frames)
    drawn = [each.quantize(palette=palette, dither=Image.Dither.NONE) for each in frames]
    drawn[0].save(
        PICTURE,
        save_all=True,
        append_images=drawn[1:],
        duration=[each["ms"] for each in listed],
        loop=0,
        optimize=True,
    )
    size = PICTURE.stat().st_size
    print(f"{PICTURE.relative_to(ROOT)}: {len(frames)} frames, {size:,} bytes")
    return 0 if size <= MOST_BYTES else 1


def _palette(frames: list[Image.Image]) -> Image.Image:
    """Return the colours of the first, the middle and the last frame."""
    chosen = (frames[0], frames[len(frames) // 2], frames[-1])
    width, height = frames[0].size
    together = Image.new("RGB", (width, height * len(chosen)))
    for number, each in enumerate(chosen):
        together.paste(each, (0, number * height))
    return together.quantize(COLOURS, dither=Image.Dither.NONE)


if __name__ == "__main__":
    sys.exit(main())
