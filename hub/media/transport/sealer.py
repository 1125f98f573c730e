"""Sealing for a viewer under AES-GCM without libsrtp (native/seal.c), where there are compiled loops.

The same bytes as libsrtp's, at a quarter of its cost where a thousand viewers get one packet after the other. The cipher is
that of the OpenSSL inside pylibsrtp, which libsrtp itself uses. SRTCP, other profiles, and what comes in stay with libsrtp.
"""

from __future__ import annotations

import functools
import logging
from dataclasses import dataclass
from typing import Any, Final

import cffi  # type: ignore[import-untyped]
import pylibsrtp
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from hub.media.native import Native, ffi, native
from hub.media.native.slab import slab
from hub.media.transport.srtp import PROTECT, Profile, SrtpSession

log = logging.getLogger(__name__)

#: Labels of the key derivation (RFC 3711 §4.3.2), and where they stand in the 14 bytes they are laid over.
ENCRYPTION_LABEL: Final = 0
SALT_LABEL: Final = 2
_LABEL_AT: Final = 7
_DERIVED_FROM_BYTES: Final = 14
_SALT_BYTES: Final = 12
_CIPHERS: Final = {
    Profile.AEAD_AES_128_GCM: "EVP_aes_128_gcm",
    Profile.AEAD_AES_256_GCM: "EVP_aes_256_gcm",
}

_evp: Final[Any] = cffi.FFI()
_evp.cdef(
    """
    void *EVP_CIPHER_CTX_new(void);
    void EVP_CIPHER_CTX_free(void *context);
    const void *EVP_aes_128_gcm(void);
    const void *EVP_aes_256_gcm(void);
    int EVP_EncryptInit_ex(void *, const void *, void *, const unsigned char *, const unsigned char *);
    int EVP_EncryptUpdate(void *, unsigned char *, int *, const unsigned char *, int);
    int EVP_EncryptFinal_ex(void *, unsigned char *, int *);
    int EVP_CIPHER_CTX_ctrl(void *, int, int, void *);
    """
)


def derive(master_key: bytes, master_salt: bytes, label: int, size: int) -> bytes:
    """`size` bytes of session key or salt (RFC 3711 §4.3.1; a salt of 12 bytes as in RFC 7714 §11)."""
    block = bytearray(master_salt.ljust(_DERIVED_FROM_BYTES + 2, b"\0"))
    block[_LABEL_AT] ^= label
    return Cipher(algorithms.AES(master_key), modes.CTR(bytes(block))).encryptor().update(bytes(size))


@dataclass(frozen=True, slots=True)
class _Crypto:
    """libcrypto as found in pylibsrtp, and its functions as the compiled loops call them."""

    library: Any
    cipher: Any

    @classmethod
    def find(cls) -> _Crypto:
        """Raises OSError or AttributeError if it shows less than is needed."""
        library = _evp.dlopen(pylibsrtp._binding.__file__)
        for name in ("EVP_CIPHER_CTX_new", "EVP_CIPHER_CTX_free", *_CIPHERS.values()):
            getattr(library, name)
        cipher = ffi.new("struct hub_cipher *")
        for field, name in (
            ("init", "EVP_EncryptInit_ex"),
            ("update", "EVP_EncryptUpdate"),
            ("final", "EVP_EncryptFinal_ex"),
            ("ctrl", "EVP_CIPHER_CTX_ctrl"),
        ):
            address = _evp.cast("uintptr_t", _evp.addressof(library, name))
            setattr(cipher, field, ffi.cast(ffi.typeof(getattr(cipher, field)), int(address)))
        return cls(library, cipher)


@functools.cache
def _crypto() -> _Crypto | None:
    try:
        return _Crypto.find()
    except (OSError, AttributeError) as error:
        log.warning("packets are sealed by libsrtp: the OpenSSL in pylibsrtp cannot be called (%s)", error)
        return None


class SealingSession(SrtpSession):
    """An outbound session whose RTP is sealed by the compiled loops; at most HUB_STREAMS sources (native/seal.h)."""

    def __init__(self, found: Native, crypto: _Crypto, profile: Profile, key: bytes) -> None:
        """Raises as SrtpSession does, and RuntimeError if OpenSSL has no room or does not know the cipher."""
        super().__init__(profile, key, inbound=False)
        master_key, master_salt = key[: profile.key_bytes], key[profile.key_bytes :]
        session_key = derive(master_key, master_salt, ENCRYPTION_LABEL, profile.key_bytes)
        library = crypto.library
        context = library.EVP_CIPHER_CTX_new()
        if context == _evp.NULL:
            raise RuntimeError("OpenSSL has no room for a cipher")
        self._context = _evp.gc(context, library.EVP_CIPHER_CTX_free)
        kind = getattr(library, _CIPHERS[profile])()
        if library.EVP_EncryptInit_ex(context, kind, _evp.NULL, session_key, _evp.NULL) != 1:
            raise RuntimeError("OpenSSL refuses AES-GCM")
        self._sealer = slab.new("struct hub_sealer *")
        self._sealer.cipher = crypto.cipher
        self._sealer.context = self.native_context = ffi.cast("void *", int(_evp.cast("uintptr_t", context)))
        self._sealer.salt = derive(master_key, master_salt, SALT_LABEL, _SALT_BYTES)
        self.handle = self.native_handle = ffi.cast("void *", self._sealer)
        self._found = found  # what is called below is part of it
        self.protect_call = found.library.hub_seal
        self.native_protect = ffi.cast(PROTECT, ffi.addressof(found.library, "hub_seal"))


def outbound(profile: Profile, key: bytes) -> SrtpSession:
    """What seals for a viewer. Raises ValueError for a key of the wrong length."""
    found, crypto = native(), _crypto()
    if found.library is None or crypto is None or profile not in _CIPHERS:
        return SrtpSession(profile, key, inbound=False)
    return SealingSession(found, crypto, profile, key)
