"""Machine code made once and kept: numba compiles `kernels` when it must, later processes load an object file.

Loading numba, its types and its own cache costs 1.4 s and 100 MB in every process; llvmlite alone, which numba stands
on, loads the finished object in 0.1 s. The object is kept beside the module (or in NUMBA_CACHE_DIR, or the user's cache
folder), under a name made of everything it depends on, and is loaded only if its own SHA-256 is right. Where it cannot
be kept, each process compiles anew.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import platform
import threading
from collections.abc import Callable, Iterable, Mapping
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from yomicast import memory
from yomicast.errors import OutputError
from yomicast.files import compiled_folder, whole

_N, _X, _P = ctypes.c_int64, ctypes.c_double, ctypes.c_void_p
SIGNATURES: Final[Mapping[str, tuple[Any, ...]]] = {
    "speak": (*[_P] * 12, *[_N] * 6, _X, _X),
    "solve": (*[_P] * 13, *[_N] * 7, *[_X] * 3),
}
"""C functions by name; all return nothing and hold no GIL."""

Kernels = Mapping[str, Callable[..., None]]

_lock = threading.Lock()
_tried: list[Kernels | None] = []
_alive: list[object] = []
"""What the code stands in must live as long as the process."""


def kernels() -> Kernels | None:
    """The compiled functions by name; None without the extra `[fast]`, or where this machine cannot run them well."""
    with _lock:
        if not _tried:
            _tried.append(_made() if find_spec("numba") and find_spec("llvmlite") else None)
        return _tried[0]


def _made() -> Kernels | None:
    try:
        return _load()
    except Exception:  # noqa: BLE001  numba and LLVM raise anything; the numpy vocoder speaks as well, only slower
        return None


def fuses(triple: str, features: Mapping[str, bool]) -> bool:
    """Whether a processor multiplies and adds in one: elsewhere each `vectors` step would be a call of the C library."""
    return bool(features.get("fma")) if triple.startswith(("x86_64", "i686", "i386")) else True


def _load() -> Kernels:
    import llvmlite.binding as llvm

    if not fuses(llvm.get_default_triple(), llvm.get_host_cpu_features()):
        raise OSError("no fused multiply-add")
    folder = compiled_folder(Path(__file__), os.environ.get("NUMBA_CACHE_DIR", ""))
    name = f"kernels-{_depends_on()[:24]}.o"
    path = folder / name if folder else None
    kept = _read(path) if path else None
    if kept is None:
        kept = _compiled()
        if path:
            _keep(path, *kept)
    return _linked(*kept)


def _depends_on() -> str:
    """A hash of all that shapes the code: its source, who compiled it, and for which processor."""
    import llvmlite.binding as llvm

    here = Path(__file__).parent
    parts = [
        (here / name).read_text(encoding="utf-8") for name in ("kernels.py", "vectors.py", "layout.py", "excitation.py")
    ]
    parts += [f"{name} {metadata.version(name)}" for name in ("numba", "llvmlite", "numpy")]
    parts += [platform.python_version(), platform.platform(), llvm.get_default_triple(), llvm.get_host_cpu_name()]
    parts.append(llvm.get_host_cpu_features().flatten())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _read(path: Path) -> tuple[bytes, dict[str, str], list[str]] | None:
    """The kept object, its symbols by entry, and the names it never calls; None when absent or damaged."""
    try:
        with path.open("rb") as stream:
            head = json.loads(stream.readline(100_000))
            body = stream.read()
        if head["sha256"] != hashlib.sha256(body).hexdigest():
            return None
        return body, dict(head["symbols"]), list(head["unused"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(path: Path, body: bytes, symbols: Mapping[str, str], unused: Iterable[str]) -> None:
    head = {"sha256": hashlib.sha256(body).hexdigest(), "symbols": dict(symbols), "unused": list(unused)}
    try:
        with whole(path, lasting=False) as part, part.open("wb") as stream:
            stream.write(json.dumps(head).encode() + b"\n")
            stream.write(body)
    except OutputError:
        return  # a full disk: compile anew next time


def _compiled() -> tuple[bytes, dict[str, str], list[str]]:
    import llvmlite.binding as llvm

    from yomicast.speech.hts.kernels import assembly

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    made = assembly()
    module = None
    for _, text in made.values():
        one = llvm.parse_assembly(text)
        if module is None:
            module = one
        else:
            module.link_in(one)
    assert module is not None
    body: bytes = _target(llvm).emit_object(module)
    unused = [
        function.name
        for function in module.functions
        if function.is_declaration and function.name.startswith(("Py", "NRT_", "numba_", "_Py"))
    ]
    return body, {name: symbol for name, (symbol, _) in made.items()}, unused


def _target(llvm: Any) -> Any:
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=3,
        reloc="default",
        codemodel="jitdefault",
        jit=True,
    )


def _linked(body: bytes, symbols: Mapping[str, str], unused: Iterable[str]) -> Kernels:
    """The functions of an object file. Numba's wrapper names what raises and frees; our code does neither."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    never = ctypes.CFUNCTYPE(None)(_never)
    for name in unused:
        llvm.add_symbol(name, ctypes.cast(never, ctypes.c_void_p).value)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _target(llvm))
    engine.add_object_file(llvm.ObjectFileRef.from_data(body))
    engine.finalize_object()
    _alive.extend((engine, never))
    memory.let_go("libllvmlite", code=True)  # LLVM has done its work
    return {
        name: ctypes.CFUNCTYPE(None, *SIGNATURES[name])(engine.get_function_address(symbol))
        for name, symbol in symbols.items()
    }


def _never() -> None:
    raise AssertionError("compiled code called what it never calls")
