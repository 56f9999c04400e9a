"""Numbers that no whole number of ours is, as JSON writes them or as JSON can't."""

from tests.hostile.requests import DIGITS

# Other types, fractions and exponents, and what no database integer holds.
NOT_WHOLE = [b'"5"', b'""', b'" 5"', b'"\\u0665"', b'"0x5"', b"true", b"false", b"[5]", b"[]", b"{}", b'{"5": 5}']
NOT_WHOLE += [b"1.5", b"1e400", b"-1e400", b"1e-400", b"5e0", b"5E+0", b"0.1e1", b"1e2", b"-0.0", b"5.0"]
OUT_OF_RANGE = [b"-1", b"2147483648", b"-2147483649", b"9223372036854775808", b"18446744073709551616", b"1" + b"0" * 30]
OUT_OF_RANGE += [DIGITS.encode() * 2, b"9" * 400, b"-" + b"9" * 4000]
NO_JSON = [b"NaN", b"Infinity", b"-Infinity", b"nan", b"01", b"+1", b"1_0", b"0x10", b"1.", b".5", b"1e", b"--1"]
NO_JSON += [b"\xd9\xa1"]
NO_JSON += [b"9" * 5000, b"undefined", b"None", b"5n", b"1 5", b"(5)", b"5;", b"/*5*/5"]
