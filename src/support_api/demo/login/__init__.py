"""The demo's OpenID provider: one chooses whom to be, without a password. OAuth 2 (RFC 6749, 9700) with PKCE."""
