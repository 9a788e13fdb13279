"""Which encrypted answers of a SAML provider are opened.

Opening one has a program work with the studio's key on what anybody may have sent, so its form is narrow: one assertion, encrypted
as a whole, with all that it takes inside the answer.
"""

from base64 import b64decode
from xml.etree.ElementTree import Element

from defusedxml import ElementTree

from people.providers.identities import IdentityRefused

ASSERTIONS = "{urn:oasis:names:tc:SAML:2.0:assertion}"
ENCRYPTION = "{http://www.w3.org/2001/04/xmlenc#}"
SIGNATURES = "{http://www.w3.org/2000/09/xmldsig#}"
# RSA 1.5 is not among them: whoever watches how it fails can learn what it hides.
KEY_TRANSPORTS = {"http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p", "http://www.w3.org/2009/xmlenc11#rsa-oaep"}


def is_sealed(answer: str) -> bool:
    """Whether the assertion of a `SAMLResponse` is encrypted. Raises IdentityRefused for encryption of any other form."""
    try:
        root: Element = ElementTree.fromstring(b64decode(answer))
    except Exception as failure:  # whatever a parser makes of what is no answer
        raise IdentityRefused(f"no answer: {type(failure).__name__}") from None
    sealed = [parent for parent in root.iter() if parent.find(f"{ENCRYPTION}EncryptedData") is not None]
    if not sealed and next(root.iter(f"{ENCRYPTION}EncryptedData"), None) is None:
        return False
    if len(list(root.iter(f"{ENCRYPTION}EncryptedData"))) != 1 or sealed != root.findall(f"{ASSERTIONS}EncryptedAssertion"):
        raise IdentityRefused("one assertion may be encrypted, as a whole and alone")
    if next(root.iter(f"{ASSERTIONS}Assertion"), None) is not None:
        raise IdentityRefused("a plain assertion lies beside the encrypted one")
    check_key(sealed[0])
    return True


def check_key(sealed: Element) -> None:
    """Raises IdentityRefused where opening would fetch anything, or the key came by a means that is broken."""
    keys = [*sealed.iter(f"{ENCRYPTION}EncryptedKey")]
    methods = [key.find(f"{ENCRYPTION}EncryptionMethod") for key in keys]
    if not keys or not all(method is not None and method.get("Algorithm") in KEY_TRANSPORTS for method in methods):
        raise IdentityRefused("the key of the assertion is not encrypted by RSA-OAEP")
    for part in sealed.iter():
        if part.tag == f"{ENCRYPTION}CipherReference" or not part.get("URI", "#").startswith("#"):
            raise IdentityRefused("the encrypted assertion refers to something outside of it")
        if part.tag == f"{SIGNATURES}Transforms":
            raise IdentityRefused("the encrypted assertion asks for transformations")
