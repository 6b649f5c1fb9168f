"""
Positions as phones send them: every client's wire format, decoded to one word.

Pure: bytes in, positions out. Whether a position is kept (on shift, plausible) is decided later.
"""
