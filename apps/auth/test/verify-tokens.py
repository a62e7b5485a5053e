"""Verifies access tokens with PyJWT, as somebody would who has nothing but the key set.

Reads {"jwks": {...}, "issuer": "...", "tokens": ["..."]} from standard input and writes one answer a token:
{"header": {...}, "claims": {...}} or {"error": "<class of PyJWT>"}.
"""

import json
import sys

import jwt


def verify(token: str, keys: jwt.PyJWKSet, issuer: str) -> dict[str, object]:
    try:
        header = jwt.get_unverified_header(token)
        claims = jwt.decode(
            token,
            keys[header["kid"]].key,
            algorithms=["ES256"],
            audience="uapi",
            issuer=issuer,
            options={"require": ["exp", "iat", "aud", "iss", "sub", "jti"]},
        )
    except (jwt.PyJWTError, KeyError) as error:
        return {"error": type(error).__name__}
    return {"header": header, "claims": claims}


def main() -> None:
    asked = json.load(sys.stdin)
    keys = jwt.PyJWKSet.from_dict(asked["jwks"])
    json.dump([verify(token, keys, asked["issuer"]) for token in asked["tokens"]], sys.stdout)


main()
