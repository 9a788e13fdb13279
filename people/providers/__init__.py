"""Where people's identities come from besides the studio's own accounts: SAML, OpenID Connect and LDAP."""
