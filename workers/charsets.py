"""PURE. Octets as text, by the labels mail programs write and what they mean by them (WHATWG Encoding Standard).

Refuses the narrow reading of a label: gb2312 is what Foxmail writes over GBK, iso-8859-1 what Outlook writes over Windows'
letters. Never raises; what no reading takes is marked.
"""

from __future__ import annotations

import codecs
import re

import webencodings

# Python's codecs that know less than the standard's decoder of the same name; the first that takes every octet is used.
_WIDER: dict[str, tuple[str, ...]] = {
    "gbk": ("gb18030",),
    "big5": ("big5hkscs", "cp950"),
    "iso-2022-jp": ("iso2022_jp_ext",),
    "euc-jp": ("euc_jp",),
}
_NO_TEXT = frozenset({"replacement", "x-user-defined"})  # Python reads some of those, as HZ and ISO-2022-KR
_ODD = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "unicode_escape"})
_JIS = re.compile(rb"\x1b(\$[@B]|\([BJI])")
_JAPANESE_READ = 200_000  # octets whose rows are looked up one by one
_SEVEN_BITS = bytes(octet & 0x7F for octet in range(256))
_EUC = re.compile(rb"(?:[\xa1-\xfe]{2})+")


def text_in(octets: bytes, charset: str, otherwise: str = "") -> str:
    """Decoded whatever it takes: the charset named, else UTF-8, else ``otherwise``, else Windows Latin."""
    named = _readings(charset) if charset else ()
    if not named:
        return clean(_unnamed(octets, otherwise))
    for read in named:
        try:
            return clean(octets.decode(read))
        except ValueError:  # of UTF-7 some are no UnicodeError
            pass
    japanese = _japanese(octets, named[0])
    return clean(japanese if japanese is not None else _as_utf8(octets) or octets.decode(named[0], "replace"))


def clean(text: str) -> str:
    """Without what no database takes: NUL and halves of characters."""
    text = text.replace("\x00", "").removeprefix("\ufeff")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def _readings(charset: str) -> tuple[str, ...]:
    """Python's names for it, the likeliest first; none where the label says nothing."""
    label = charset.strip().strip("'\"").partition("*")[0][:60]  # RFC 2231, 5: charset*language
    ours, found = _of_python(label), webencodings.lookup(label)
    if ours == "ascii" or not label:
        return ()
    if found is None or found.name in _NO_TEXT or ours == "utf-16":
        return _WIDER.get(ours) or ((ours,) if ours else ())
    return _WIDER.get(found.name) or (found.codec_info.name,)


def _of_python(label: str) -> str:
    try:
        name = codecs.lookup(label).name
        "".encode(name)
    except (LookupError, ValueError):
        return ""
    return "" if name in _ODD else name


def _unnamed(octets: bytes, otherwise: str) -> str:
    if (text := _as_utf8(octets)) is not None:
        return text
    for read in _readings(otherwise) if otherwise else ():
        try:
            return octets.decode(read)
        except ValueError:
            pass
    return octets.decode("cp1252", "replace")


def _as_utf8(octets: bytes) -> str | None:
    """UTF-8, under whatever name: nothing else is without a fault there by chance."""
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _japanese(octets: bytes, read: str) -> str | None:
    """With NEC's and IBM's characters (①, ㈱, 髙), as all programs on Windows write them; Python's codecs lack those rows."""
    if read not in ("iso2022_jp_ext", "euc_jp"):
        return None
    if len(octets) > _JAPANESE_READ:
        end = octets.rfind(b"\n", 0, _JAPANESE_READ) + 1 or _JAPANESE_READ
        return (_japanese(octets[:end], read) or "") + octets[end:].decode(read, "replace")
    if read == "euc_jp":
        pairs = re.sub(_EUC, lambda m: _shifted(m[0].translate(_SEVEN_BITS)), octets)
        return re.sub(rb"\x8e([\xa1-\xdf])", rb"\1", pairs).decode("cp932", "replace")
    first, *rest = _JIS.split(octets)
    pieces = [first.decode("cp932", "replace")]
    for mode, piece in zip(rest[::2], rest[1::2], strict=True):
        if mode in (b"$B", b"$@"):
            end = piece.find(b"\n") if b"\n" in piece else len(piece)  # the escape holds to the end of the line at most
            piece = _shifted(piece[:end]) + piece[end:]
        elif mode == b"(I":
            piece = bytes(octet | 0x80 if 0x20 < octet < 0x60 else octet for octet in piece)
        pieces.append(piece.decode("cp932", "replace"))
    return "".join(pieces)


def _shifted(jis: bytes) -> bytes:
    """Pairs of JIS X 0208 as Shift_JIS."""
    made = bytearray()
    for row, cell in zip(jis[::2], jis[1::2], strict=False):
        lead = (row + 1) // 2 + (0x70 if row < 0x5F else 0xB0)
        made += bytes((lead & 0xFF, (cell + 0x7E if row % 2 == 0 else cell + 0x1F + (cell > 0x5F)) & 0xFF))
    return bytes(made) + jis[len(jis) & ~1 :]
