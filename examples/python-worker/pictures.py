"""What is to be found in the bytes of a picture: its format, size and entropy, and the average colour of a PNG."""

import math
import struct
import zlib

MAX_PIXELS = 16_000_000


class UnreadablePicture(Exception):
    """The picture is what it is: another attempt would find the same."""


def analyse(data):
    """What is to be found in a picture. Raises UnreadablePicture."""
    try:
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            found = analyse_png(data)
        elif data.startswith(b"\xff\xd8"):
            width, height = jpeg_size(data)
            found = {"format": "jpeg", "width": width, "height": height}
        else:
            found = {"format": "other"}
    except (struct.error, IndexError) as error:
        raise UnreadablePicture(str(error)) from None
    return {**found, "entropy": round(entropy(data), 4)}


def entropy(data):
    """Shannon entropy, in bits per byte."""
    counts = [0] * 256
    for byte in data:
        counts[byte] += 1
    return -sum(n / len(data) * math.log2(n / len(data)) for n in counts if n)


def jpeg_size(data):
    at = 2
    while at + 9 < len(data):
        if data[at] != 0xFF:
            break
        marker, length = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length
    raise UnreadablePicture("a JPEG without a frame header")


def analyse_png(data):
    header, palette, packed = png_chunks(data)
    width, height, depth, kind, _, _, interlaced = header
    found = {"format": "png", "width": width, "height": height}
    if width * height > MAX_PIXELS:
        raise UnreadablePicture("%d by %d pixels are too many" % (width, height))
    if depth != 8 or interlaced or kind not in (0, 2, 3, 4, 6):
        return found
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[kind]
    sums = [0] * channels
    used = [0] * 256
    for row in png_rows(packed, width * channels, height, channels):
        for channel in range(channels):
            sums[channel] += sum(row[channel::channels])
        if kind == 3:
            for index in row:
                used[index] += 1
    pixels = width * height
    if kind == 3:
        colour = [sum(n * palette[index * 3 + c] for index, n in enumerate(used) if n) / pixels for c in range(3)]
    else:
        means = [total / pixels for total in sums]
        colour = means[:3] if kind in (2, 6) else means[:1] * 3
    return {**found, "dominantColor": "#%02x%02x%02x" % tuple(round(value) for value in colour)}


def png_chunks(data):
    header, palette, packed, at = None, b"", [], 8
    while at + 12 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        at += 12 + length
        if kind == b"IHDR":
            header = struct.unpack(">IIBBBBB", body)
        elif kind == b"PLTE":
            palette = body.ljust(768, b"\0")
        elif kind == b"IDAT":
            packed.append(body)
    if header is None or not packed:
        raise UnreadablePicture("a PNG without a header or without pixels")
    return header, palette, b"".join(packed)


def png_rows(packed, stride, height, step):
    """The rows of a PNG, unfiltered (PNG specification, section 9)."""
    size = (stride + 1) * height
    try:
        # Never more than the header announced: what else is packed in there is a bomb.
        raw = zlib.decompressobj().decompress(packed, size)
    except zlib.error as error:
        raise UnreadablePicture(str(error)) from None
    if len(raw) < size:
        raise UnreadablePicture("the pixels end too early")
    above = bytearray(stride)
    for y in range(height):
        start = y * (stride + 1)
        row = bytearray(raw[start + 1 : start + 1 + stride])
        unfilter(raw[start], row, above, step)
        yield row
        above = row


def unfilter(kind, row, above, step):
    if kind == 1:
        for i in range(step, len(row)):
            row[i] = (row[i] + row[i - step]) & 255
    elif kind == 2:
        for i in range(len(row)):
            row[i] = (row[i] + above[i]) & 255
    elif kind == 3:
        for i in range(len(row)):
            left = row[i - step] if i >= step else 0
            row[i] = (row[i] + (left + above[i]) // 2) & 255
    elif kind == 4:
        for i in range(len(row)):
            a, c = (row[i - step], above[i - step]) if i >= step else (0, 0)
            b = above[i]
            to_a, to_b, to_c = abs(b - c), abs(a - c), abs(a + b - 2 * c)
            row[i] = (row[i] + (a if to_a <= to_b and to_a <= to_c else b if to_b <= to_c else c)) & 255
    elif kind != 0:
        raise UnreadablePicture("an unknown filter")
