"""TLS for Azure's host names: a local authority that issues a certificate per server name.

Clients trust it by ``REQUESTS_CA_BUNDLE`` and its relatives; nothing is added to the machine's
trust store.
"""

import ssl
from collections.abc import Callable
from functools import lru_cache

import trustme

from local_azure.home import Home, write_private


class Authority:
    """The local certificate authority, kept in the state folder."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._authority = self._load() or self._make()
        self.issue = lru_cache(1024)(self._issue)

    def _load(self) -> trustme.CA | None:
        if not self._home.authority.exists():
            return None
        pem = self._home.authority.read_bytes()
        certificate, key = pem.split(b"-----BEGIN EC PRIVATE KEY-----", 1)
        return trustme.CA.from_pem(certificate, b"-----BEGIN EC PRIVATE KEY-----" + key)

    def _make(self) -> trustme.CA:
        made = trustme.CA(organization_name="Embedded Azure of this repository")
        certificate = made.cert_pem.bytes().decode()
        write_private(self._home.authority, certificate + made.private_key_pem.bytes().decode())
        write_private(self._home.authority_certificate, certificate)
        return made

    def _issue(self, host: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert(host).configure_cert(context)
        return context

    def server_context(self, known: Callable[[str], bool]) -> ssl.SSLContext:
        """A server context that shows each client the certificate of the name it asks for.

        Args:
            known: whether a host name is answered for; the handshake of another one fails.
        """

        def choose(connection: ssl.SSLObject, host: str | None, _: ssl.SSLContext) -> int | None:
            if not host or not known(host):
                return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
            connection.context = self.issue(host)
            return None

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.sni_callback = choose
        return context

    def client_context(self) -> ssl.SSLContext:
        """A client context that trusts this authority and no other."""
        return ssl.create_default_context(cafile=str(self._home.authority_certificate))
