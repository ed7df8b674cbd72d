"""A tiny `.htsvoice` made on the spot: two states, order 4, a question or two; every part can be bent."""

import struct

import numpy as np

QUESTIONS = 'QS Vowel { "*-a+*","*-i+*" }\nQS Short { "*-?" }\nQS First { "xx^*" }\nQS Long { "*/A:-??+*" }\nQS Odd { "*a*i*" }\n'


def tree(state, name, rows=None):
    if rows is None:
        return f'\n{{*}}[{state}]\n   "{name}_1"\n'
    return f"\n{{*}}[{state}]\n{{\n" + "".join("  " + " ".join(row) + "\n" for row in rows) + "}\n"


def table(leaves, width, mean=0.0, vari=1.0, *, msd=None):
    row = [mean + 0.1 / (1 + n) for n in range(width)] + [vari] * width + ([msd] if msd is not None else [])
    return struct.pack("<I", leaves), np.tile(np.array(row, "<f4"), (leaves, 1)).tobytes()


def joined(tables):
    return b"".join(head for head, _ in tables) + b"".join(body for _, body in tables)


def build(*, lowpass=True, states=2, order=4, change=None, options="ALPHA=0.4", heads=None):
    """The bytes of a voice. `change(parts)` may bend the data parts, `heads` header lines (value None = leave out)."""
    two = [("0", "Vowel", '"x_1"', '"x_2"')]
    parts = {
        "DURATION_PDF": joined([table(2, states, 3.0, 1.0)]),
        "DURATION_TREE": (QUESTIONS + tree(2, "dur", two)).encode(),
        "STREAM_WIN[MCP]": [b"1 1.0\n", b"3 -0.5 0.0 0.5\n", b"3 1.0 -2.0 1.0\n"],
        "STREAM_WIN[LF0]": [b"1 1.0\n", b"3 -0.5 0.0 0.5\n", b"3 1.0 -2.0 1.0\n"],
        "STREAM_PDF[MCP]": joined([table(2, 3 * (order + 1), 0.2, 0.1) for _ in range(states)]),
        "STREAM_TREE[MCP]": (QUESTIONS + "".join(tree(n + 2, "mgc", two) for n in range(states))).encode(),
        "STREAM_PDF[LF0]": joined([table(1, 3, 5.3, 0.01, msd=0.9) for _ in range(states)]),
        "STREAM_TREE[LF0]": (QUESTIONS + "".join(tree(n + 2, "lf0") for n in range(states))).encode(),
        "GV_PDF[MCP]": joined([table(1, order + 1, 0.05, 4.0)]),
        "GV_TREE[MCP]": (QUESTIONS + tree(2, "gv")).encode(),
    }
    if lowpass:
        parts |= {
            "STREAM_WIN[LPF]": [b"1 1.0\n"],
            "STREAM_PDF[LPF]": joined([table(1, 5, 0.1, 0.0) for _ in range(states)]),
            "STREAM_TREE[LPF]": "".join(tree(n + 2, "lpf") for n in range(states)).encode(),
        }
    if change is not None:
        change(parts)
    names = ["MCP", "LF0", "LPF"] if lowpass else ["MCP", "LF0"]
    head = {
        "[GLOBAL]": "",
        "SAMPLING_FREQUENCY": "16000",
        "FRAME_PERIOD": "80",
        "NUM_STATES": str(states),
        "NUM_STREAMS": str(len(names)),
        "STREAM_TYPE": ",".join(names),
        "GV_OFF_CONTEXT": '"*-sil+*","*-pau+*"',
    }
    head["[STREAM]"] = ""
    sizes = {"MCP": order + 1, "LF0": 1, "LPF": 5}
    for name in names:
        head |= {
            f"VECTOR_LENGTH[{name}]": str(sizes[name]),
            f"IS_MSD[{name}]": str(int(name == "LF0")),
            f"NUM_WINDOWS[{name}]": str(len(parts[f"STREAM_WIN[{name}]"])),
            f"USE_GV[{name}]": str(int(name == "MCP")),
            f"OPTION[{name}]": options if name == "MCP" else "",
        }
    head["[POSITION]"] = ""
    data = b""
    for key, part in parts.items():
        spans = []
        for piece in part if isinstance(part, list) else [part]:
            spans.append(f"{len(data)}-{len(data) + len(piece) - 1}")
            data += piece
        head[key] = ",".join(spans)
    head |= heads or {}
    lines = [key if key[0] == "[" else f"{key}:{value}" for key, value in head.items() if value is not None]
    return ("\n".join(lines) + "\n[DATA]\n").encode() + data


def label(phone, *, left="xx", right="xx", a="0+1+1", k="1+1-3"):
    return f"xx^{left}-{phone}+{right}=xx/A:{a}/B:xx-xx_xx/K:{k}"
