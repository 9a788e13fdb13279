"""A private key and its certificate, as settings name them by their files."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SMALLEST = 2048  # bits


def check_pair(**files: str) -> None:
    """Two settings by name: the file of an RSA key and that of its certificate, both PEM, or two empty texts.

    Raises ImproperlyConfigured where one comes alone, or they hold something else.
    """
    (key_name, key_path), (certificate_name, certificate_path) = files.items()
    if not key_path and not certificate_path:
        return
    if not key_path or not certificate_path:
        present, absent = (key_name, certificate_name) if key_path else (certificate_name, key_name)
        raise ImproperlyConfigured(f"{absent} must be set where {present} is.")
    # Most studios have no such key, and reading one takes a large library.
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(Path(key_path).read_bytes(), None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, RSAPrivateKey) or key.key_size < SMALLEST:
        wanted = f"an RSA key of at least {SMALLEST} bits in PEM form, without a passphrase"
        raise ImproperlyConfigured(f"{key_name} must be {wanted}, which {key_path!r} is not.")
    try:
        certificate = x509.load_pem_x509_certificate(Path(certificate_path).read_bytes())
    except ValueError:
        raise ImproperlyConfigured(
            f"{certificate_name} must be a certificate in PEM form, which {certificate_path!r} is not."
        ) from None
    if certificate.public_key() != key.public_key():
        raise ImproperlyConfigured(f"{certificate_name} must be the certificate of {key_name}.")
