"""A mail server that says no at the step that a test chooses, with a certificate of its own."""

import datetime
import ssl
from contextlib import contextmanager
from ipaddress import ip_address

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core import clock
from tests.running_site.ports import free_port


class Office:
    """Takes letters, and refuses where it was told to."""

    def __init__(self, refuses: str = ""):
        self.refuses = refuses
        self.taken = []

    async def handle_MAIL(self, server, session, envelope, address, options):       # noqa: N802
        if self.refuses == "sender":
            return "553 not an address of ours"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):       # noqa: N802
        if self.refuses == "recipient":
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):                         # noqa: N802
        if self.refuses == "message":
            return "554 looks unwanted"
        self.taken.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 OK"


@contextmanager
def opened(refuses: str = "", **more):
    """Serve an office until the block ends; give it and its port."""
    office = Office(refuses)
    controller = Controller(office, hostname="127.0.0.1", port=free_port(), **more)
    controller.start()
    try:
        yield office, controller.port
    finally:
        controller.stop()


def with_tls(folder, password: str):
    """Return what makes an office speak TLS and ask for a password, and the path of the certificate to trust."""
    path = folder / "office.pem"
    path.write_bytes(certificate())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)

    def judge(server, session, envelope, mechanism, given):
        return AuthResult(success=given.password == password.encode())

    return {"tls_context": context, "authenticator": judge, "auth_require_tls": True}, path


def certificate() -> bytes:
    """Return a key and a certificate for this machine that nobody vouches for, in one file."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "office")])
    day = datetime.timedelta(days=1)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(clock.now() - day).not_valid_after(clock.now() + day)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return secret + made.public_bytes(serialization.Encoding.PEM)
