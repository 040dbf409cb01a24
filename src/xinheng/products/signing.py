"""The seal of a report: an electronic signature over the whole file, with this installation's own key.

The key and a certificate for it are made once and lie in `XINHENG_HOME/keys`; the certificate may be given to
anybody who wants to check a report without this site.
"""

import io
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError, PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from xinheng.base.errors import Refused
from xinheng.base.home import Home
from xinheng.base.secret_files import write_new_secret

_KEY, CERTIFICATE = "report-signing.key", "report-signing.crt"
_FIELD = "XinhengReport"
_UNREADABLE = (PdfReadError, PdfError, ValueError, KeyError, TypeError, IndexError, RecursionError, OverflowError)
_YEARS = timedelta(days=20 * 365)


class SignatureState(StrEnum):
    """What the signature of a file tells."""

    OURS = "ours"
    NONE = "none"
    FOREIGN = "foreign"
    BROKEN = "broken"


@dataclass(frozen=True)
class FoundSignature:
    """The state, and the number of the report that the signature names when it is ours."""

    state: SignatureState
    number: str = ""


def ensure_report_key(home: Home, *, name: str, now: datetime) -> None:
    """Make key and certificate when this home has none; `name` is who issues reports here."""
    if (home.keys / CERTIFICATE).exists():
        return
    key = ec.generate_private_key(ec.SECP256R1())
    with suppress(FileExistsError):  # another process may be as quick; its key counts
        write_new_secret(home.keys / _KEY, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    kept = _private_key(home)
    with suppress(FileExistsError):
        write_new_secret(home.keys / CERTIFICATE, _certificate_for(kept, name, now))


def sign(content: bytes, *, home: Home, number: str, reason: str, now: datetime, field: str = _FIELD) -> bytes:
    """The PDF with one signature over all of it; the signature names the report's number."""
    certificate = _certificate(home)
    key = asn1_keys.PrivateKeyInfo.load(
        _private_key(home).private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    )
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # the library leaves it untyped
    signer = SimpleSigner(signing_cert=certificate, signing_key=key, cert_registry=store)
    meta = PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        reason=reason,
        location=number,
        subfilter=SigSeedSubFilter.PADES,
        signer_key_usage={"digital_signature"},
    )
    output = io.BytesIO()
    _SignerAt(meta, signer, now).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(content)), output=output)
    return output.getvalue()


def inspect(content: bytes, *, home: Home, now: datetime) -> FoundSignature:
    """Whether a file carries our signature over every byte of it."""
    own = _certificate(home)
    try:
        # Not strict: a file that was tampered with must be told from one that is no PDF at all.
        signatures = PdfFileReader(io.BytesIO(content), strict=False).embedded_signatures
    except _UNREADABLE:
        return FoundSignature(_unread(content, own))
    if not signatures:
        return FoundSignature(_unread(content, own))
    first: Any = signatures[0]
    try:
        if first.signer_cert.dump() != own.dump():
            return FoundSignature(SignatureState.FOREIGN)
        trusted = ValidationContext(trust_roots=[own], allow_fetching=False, moment=now)
        status = validate_pdf_signature(first, signer_validation_context=trusted)
    except (SigningError, SignatureValidationError, *_UNREADABLE):
        return FoundSignature(SignatureState.BROKEN)
    entire = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    if len(signatures) != 1 or not (status.intact and status.valid and status.trusted and entire):
        return FoundSignature(SignatureState.BROKEN)
    return FoundSignature(SignatureState.OURS, str(first.sig_object.get("/Location", "")))


def _unread(content: bytes, own: asn1_x509.Certificate) -> SignatureState:
    """A file whose signatures cannot be read was one of ours when our certificate still lies in it."""
    return SignatureState.BROKEN if own.dump().hex().encode() in content.lower() else SignatureState.NONE


class _SignerAt(PdfSigner):
    """A signer whose time is the one given to it, not that of the machine."""

    def __init__(self, meta: PdfSignatureMetadata, signer: SimpleSigner, moment: datetime) -> None:
        super().__init__(meta, signer=signer, new_field_spec=SigFieldSpec(sig_field_name=str(meta.field_name)))
        self._moment = moment

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> Any:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self._moment
        return session


def _private_key(home: Home) -> ec.EllipticCurvePrivateKey:
    try:
        key = load_pem_private_key((home.keys / _KEY).read_bytes(), password=None)
    except FileNotFoundError as error:
        raise Refused("找不到信用报告的签名密钥。", "请从密钥备份中恢复 keys/report-signing.key。") from error
    except ValueError as error:
        raise Refused("信用报告的签名密钥读不懂。", "请从密钥备份中恢复 keys/report-signing.key。") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise Refused("信用报告的签名密钥类型不对。", "请从密钥备份中恢复 keys/report-signing.key。")
    return key


def _certificate(home: Home) -> asn1_x509.Certificate:
    try:
        pem = (home.keys / CERTIFICATE).read_bytes()
    except FileNotFoundError as error:
        raise Refused("找不到信用报告的签名证书。", "本平台还没有出具过报告，或者须从密钥备份中恢复。") from error
    return asn1_x509.Certificate.load(x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER))


def _certificate_for(key: ec.EllipticCurvePrivateKey, name: str, now: datetime) -> bytes:
    subject = x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.COMMON_NAME, name[:64])]
    )
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
    )
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM)
