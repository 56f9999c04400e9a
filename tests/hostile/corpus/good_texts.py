"""Texts that are right, and that a service which mends, trims, folds or counts in another way would not give back."""

GOOD_TEXTS = ["Soep 🍲, 👨‍👩‍👧‍👦, 👩🏾‍🦽, 🏴󠁧󠁢󠁷󠁬󠁳󠁿, 🇳🇱 en ❤️"]
GOOD_TEXTS += ["e\u0301 en \u00e9, \u00f1 en n\u0303, \u1e69 en s\u0323\u0307 en s\u0307\u0323"]
GOOD_TEXTS += ["A\u030a, \u00c5 en \u212b; \u2126 en \u03a9; \ufb01 en fi; \uff26 en F; \u017f en s; \u2460"]
GOOD_TEXTS += ["\u1112\u1161\u11ab en \ud55c; \u304b\u3099 en \u304c", "مرحبا بالعالم، שלום עולם"]
GOOD_TEXTS += ["فارسی می\u200cخواهم; नमस्ते क्ष; ᠮᠣᠩᠭᠣᠯ"]
GOOD_TEXTS += ["\U0001d11e \U0001f600 \U00020000 \U0001fae8 \U0010fffd \ue000"]
GOOD_TEXTS += ["regel\r\nregel\n\n\tingesprongen\rlos", "  spaties  aan  beide kanten   "]
GOOD_TEXTS += ["\u00a0\u2003vast\u00a0\u3000", "\ufeffvooraan, \u00ad, \u200b, \u2060, \u2028 en \u2029 erin \ufeff"]
GOOD_TEXTS += ["z\u0335\u0353\u0320a\u0337\u0342\u0359l\u0334\u0352\u0321g\u0336\u0301\u0354o" + "\u0301" * 60]
GOOD_TEXTS += ["\u0130stanbul, \u0131, \u00df en \u1e9e, \u03c3 en \u03c2, \u01c4 en \u01c5"]
GOOD_TEXTS += ["<script>alert('x')</script> &amp; \\u0041 \\n \" ' \\\\ / %00 %41 ${x} {{7*7}} '; drop table", "null"]
GOOD_TEXTS += ["007", "\ufffd en \ufffc en \u25cc\u0301", "\u0301", "é", "."]
