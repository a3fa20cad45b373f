"""Bodies of messages that are hard to tell from what is around them, and the stream of them."""

from __future__ import annotations

from relive.lsp.frames import frame

BODIES = [b"{}", "é\U0001f600".encode(), b"", b"Content-Length: 3\r\n\r\n"]
STREAM = b"".join(frame(body) for body in BODIES)
