"""Cipher suites by their numbers (IANA's registry "TLS Cipher Suites"), sorted by what they are worth."""

from enum import StrEnum

MODERN = (0x1301, 0x1302, 0x1303, 0x1304)
"""Those of TLS 1.3 (RFC 8446, appendix B.4)."""

FORWARD_SECRET = (
    0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0x009E, 0x009F, 0xCCAA,  # ECDHE and DHE with AEAD
    0xC0AC, 0xC0AD, 0xC09E, 0xC09F,  # the same with CCM
    0xC023, 0xC024, 0xC027, 0xC028, 0xC009, 0xC00A, 0xC013, 0xC014,  # ECDHE with CBC
    0x0033, 0x0039, 0x0067, 0x006B, 0x0045, 0x0088, 0x00BE, 0x00C4,  # DHE and RSA with CBC
    0x0032, 0x0038, 0x0040, 0x006A,  # DHE and DSS with CBC
)  # fmt: skip
"""Each connection has a key of its own: whoever steals the server's key later cannot read what was recorded."""

PLAIN = (0x009C, 0x009D, 0xC09C, 0xC09D, 0x002F, 0x0035, 0x003C, 0x003D, 0x0041, 0x0084, 0x0096)
"""Plain RSA key exchange: whoever has the server's key can read everything."""


class Weakness(StrEnum):
    """What is wrong with a cipher suite, as the field names it; the gravest first."""

    NULL = "NULL"
    ANONYMOUS = "anonymous"
    EXPORT = "export"
    DES = "DES"
    RC4 = "RC4"
    TRIPLE_DES = "3DES"


_WEAK = {
    Weakness.NULL: {
        0x0001: "RSA_WITH_NULL_MD5",
        0x0002: "RSA_WITH_NULL_SHA",
        0x003B: "RSA_WITH_NULL_SHA256",
        0xC001: "ECDH_ECDSA_WITH_NULL_SHA",
        0xC006: "ECDHE_ECDSA_WITH_NULL_SHA",
        0xC00B: "ECDH_RSA_WITH_NULL_SHA",
        0xC010: "ECDHE_RSA_WITH_NULL_SHA",
        0xC015: "ECDH_anon_WITH_NULL_SHA",
    },
    Weakness.ANONYMOUS: {
        0x0018: "DH_anon_WITH_RC4_128_MD5",
        0x001A: "DH_anon_WITH_DES_CBC_SHA",
        0x001B: "DH_anon_WITH_3DES_EDE_CBC_SHA",
        0x0034: "DH_anon_WITH_AES_128_CBC_SHA",
        0x003A: "DH_anon_WITH_AES_256_CBC_SHA",
        0x0046: "DH_anon_WITH_CAMELLIA_128_CBC_SHA",
        0x006C: "DH_anon_WITH_AES_128_CBC_SHA256",
        0x006D: "DH_anon_WITH_AES_256_CBC_SHA256",
        0x0089: "DH_anon_WITH_CAMELLIA_256_CBC_SHA",
        0x009B: "DH_anon_WITH_SEED_CBC_SHA",
        0x00A6: "DH_anon_WITH_AES_128_GCM_SHA256",
        0x00A7: "DH_anon_WITH_AES_256_GCM_SHA384",
        0xC016: "ECDH_anon_WITH_RC4_128_SHA",
        0xC017: "ECDH_anon_WITH_3DES_EDE_CBC_SHA",
        0xC018: "ECDH_anon_WITH_AES_128_CBC_SHA",
        0xC019: "ECDH_anon_WITH_AES_256_CBC_SHA",
    },
    Weakness.EXPORT: {
        0x0003: "RSA_EXPORT_WITH_RC4_40_MD5",
        0x0006: "RSA_EXPORT_WITH_RC2_CBC_40_MD5",
        0x0008: "RSA_EXPORT_WITH_DES40_CBC_SHA",
        0x000B: "DH_DSS_EXPORT_WITH_DES40_CBC_SHA",
        0x000E: "DH_RSA_EXPORT_WITH_DES40_CBC_SHA",
        0x0011: "DHE_DSS_EXPORT_WITH_DES40_CBC_SHA",
        0x0014: "DHE_RSA_EXPORT_WITH_DES40_CBC_SHA",
        0x0017: "DH_anon_EXPORT_WITH_RC4_40_MD5",
        0x0019: "DH_anon_EXPORT_WITH_DES40_CBC_SHA",
        0x0062: "RSA_EXPORT1024_WITH_DES_CBC_SHA",
        0x0063: "DHE_DSS_EXPORT1024_WITH_DES_CBC_SHA",
        0x0064: "RSA_EXPORT1024_WITH_RC4_56_SHA",
        0x0065: "DHE_DSS_EXPORT1024_WITH_RC4_56_SHA",
    },
    Weakness.DES: {
        0x0009: "RSA_WITH_DES_CBC_SHA",
        0x000C: "DH_DSS_WITH_DES_CBC_SHA",
        0x000F: "DH_RSA_WITH_DES_CBC_SHA",
        0x0012: "DHE_DSS_WITH_DES_CBC_SHA",
        0x0015: "DHE_RSA_WITH_DES_CBC_SHA",
    },
    Weakness.RC4: {
        0x0004: "RSA_WITH_RC4_128_MD5",
        0x0005: "RSA_WITH_RC4_128_SHA",
        0x0066: "DHE_DSS_WITH_RC4_128_SHA",
        0xC002: "ECDH_ECDSA_WITH_RC4_128_SHA",
        0xC007: "ECDHE_ECDSA_WITH_RC4_128_SHA",
        0xC00C: "ECDH_RSA_WITH_RC4_128_SHA",
        0xC011: "ECDHE_RSA_WITH_RC4_128_SHA",
    },
    Weakness.TRIPLE_DES: {
        0x000A: "RSA_WITH_3DES_EDE_CBC_SHA",
        0x000D: "DH_DSS_WITH_3DES_EDE_CBC_SHA",
        0x0010: "DH_RSA_WITH_3DES_EDE_CBC_SHA",
        0x0013: "DHE_DSS_WITH_3DES_EDE_CBC_SHA",
        0x0016: "DHE_RSA_WITH_3DES_EDE_CBC_SHA",
        0xC003: "ECDH_ECDSA_WITH_3DES_EDE_CBC_SHA",
        0xC008: "ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA",
        0xC00D: "ECDH_RSA_WITH_3DES_EDE_CBC_SHA",
        0xC012: "ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
    },
}

BROKEN = tuple(code for kind in (Weakness.NULL, Weakness.ANONYMOUS, Weakness.EXPORT) for code in _WEAK[kind])
"""These protect from nobody: no encryption, nobody's identity, or keys that a home computer finds in hours."""

WEAK = tuple(code for kind in (Weakness.TRIPLE_DES, Weakness.RC4, Weakness.DES) for code in _WEAK[kind])
"""These can be broken with effort (RFC 7465; RFC 8429; CVE-2016-2183). The strongest first."""

ALL = (*FORWARD_SECRET, *PLAIN, *WEAK, *_WEAK[Weakness.EXPORT])
"""Every one with which a server may show that it speaks a version, the strongest first."""


def weakness_of(cipher: int) -> Weakness | None:
    """What is wrong with that cipher suite; None for one that is not in our lists of weak ones."""
    return next((kind for kind, names in _WEAK.items() if cipher in names), None)


def name_of(cipher: int) -> str:
    """Its name, as the registry has it, for the weak ones, and else its number (`0xC02F`)."""
    kind = weakness_of(cipher)
    return f"TLS_{_WEAK[kind][cipher]}" if kind else f"0x{cipher:04X}"
