"""The MLSA filter of one frame, written as LLVM vector instructions; `kernels` compiles it into the vocoder.

The filter (Fukada, Tokuda, Kobayashi & Imai, ICASSP 1992; Imai's Padé form of order 5) is a recursion from tap to tap
and from sample to sample, so one utterance cannot be vectorised along either. Two things can run beside each other:
utterances, and the five Padé stages of one, since each stage hears its neighbour's output of the sample before. So a
register holds one stage of `SLOTS` utterances, five registers go down the taps together, and a tap's coefficients are
loaded once for all five. A compiler given the loops finds neither (measured: two and a half times the time).

Products are added by fused multiply-add on every machine, so the result does not depend on what a compiler likes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from llvmlite import ir
from numba import types  # type: ignore[attr-defined, unused-ignore]
from numba.core import cgutils
from numba.extending import intrinsic

from yomicast.speech.hts.excitation import PADE
from yomicast.speech.hts.layout import FEED1, FEED2, FIRST, HOLD1, HOLD2, SLOTS, STAGES, TAP, TAPS

_tools: Any = cgutils
_FLOAT: Final = ir.FloatType()
_VECTOR: Final = ir.VectorType(_FLOAT, SLOTS)
_BYTES: Final = 4 * SLOTS

Value = Any
"""An LLVM value."""


class _Rows:
    """Rows of an array of float32, one register each."""

    def __init__(self, builder: Any, data: Value) -> None:
        self._builder = builder
        self._start = builder.bitcast(data, _VECTOR.as_pointer())

    def at(self, row: Value) -> _Rows:
        """The rows from `row` on."""
        return _Rows(self._builder, self._builder.gep(self._start, [row]))

    def load(self, row: int) -> Value:
        place = self._builder.gep(self._start, [_index(row)])
        return self._builder.load(place, align=_BYTES)

    def store(self, row: int, value: Value) -> None:
        place = self._builder.gep(self._start, [_index(row)])
        self._builder.store(value, place, align=_BYTES)


def _index(number: int) -> Value:
    return ir.Constant(ir.IntType(64), number)


def _constant(number: float) -> Value:
    return ir.Constant(_VECTOR, [ir.Constant(_FLOAT, number)] * SLOTS)


def _spread(builder: Any, number: Value) -> Value:
    """One number in all places of a register."""
    lone = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), number, ir.Constant(ir.IntType(32), 0))
    places = ir.Constant(ir.VectorType(ir.IntType(32), SLOTS), [0] * SLOTS)
    return builder.shuffle_vector(lone, ir.Constant(_VECTOR, ir.Undefined), places)


def _fused(builder: Any, one: Value, other: Value, more: Value) -> Value:
    """`one` × `other` + `more`, rounded once."""
    kind = ir.FunctionType(_VECTOR, [_VECTOR] * 3)
    function = _tools.get_or_insert_function(builder.module, kind, f"llvm.fma.v{SLOTS}f32")
    return builder.call(function, [one, other, more])


def _pade(builder: Any, bank: _Rows, feed: int, made: Sequence[Value], x: Value) -> Value:
    """Weigh the stages' outputs; the rows from `feed` on become their inputs of the next sample."""
    weighed = [builder.fmul(each, _constant(weight)) for each, weight in zip(made, PADE[1:], strict=True)]
    back, out = x, None
    for number in reversed(range(STAGES)):
        back = (builder.fsub if number % 2 else builder.fadd)(back, weighed[number])
        out = weighed[number] if out is None else builder.fadd(out, weighed[number])
    for number in reversed(range(1, STAGES)):
        bank.store(feed + number, made[number - 1])
    bank.store(feed, back)
    return builder.fadd(out, back)


def _first(builder: Any, bank: _Rows, x: Value, a: Value, rest: Value) -> Value:
    """One sample through the first filter, of one tap."""
    coefficient = bank.load(FIRST)
    made = []
    for stage in range(STAGES):
        held = builder.fmul(a, bank.load(HOLD1 + stage))
        held = _fused(builder, rest, bank.load(FEED1 + stage), held)
        bank.store(HOLD1 + stage, held)
        made.append(builder.fmul(held, coefficient))
    bank.store(FIRST, builder.fadd(coefficient, bank.load(FIRST + 1)))
    return _pade(builder, bank, FEED1, made, x)


def _second(builder: Any, bank: _Rows, x: Value, a: Value, rest: Value, taps: Value) -> Value:  # noqa: PLR0917
    """One sample through the second filter: the all-pass chain and its weights, all stages abreast."""
    low, old, out = ([_tools.alloca_once(builder, _VECTOR) for _ in range(STAGES)] for _ in range(3))
    for stage in range(STAGES):
        before = bank.load(HOLD2 + stage)
        now = _fused(builder, rest, bank.load(FEED2 + stage), builder.fmul(a, before))
        bank.store(HOLD2 + stage, now)
        builder.store(before, old[stage])
        builder.store(now, low[stage])
        builder.store(_constant(0.0), out[stage])
    less = builder.fneg(a)
    with _tools.for_range(builder, taps, intp=ir.IntType(64)) as loop:
        tap = bank.at(builder.add(builder.mul(loop.index, _index(TAP)), _index(TAPS)))
        coefficient = tap.load(STAGES)
        for stage in range(STAGES):
            former = tap.load(stage)
            ahead = _fused(builder, a, former, builder.load(old[stage]))
            now = _fused(builder, less, builder.load(low[stage]), ahead)
            tap.store(stage, now)
            builder.store(former, old[stage])
            builder.store(now, low[stage])
            builder.store(_fused(builder, now, coefficient, builder.load(out[stage])), out[stage])
        tap.store(STAGES, builder.fadd(coefficient, tap.load(STAGES + 1)))
    return _pade(builder, bank, FEED2, [builder.load(each) for each in out], x)


def _frame(context: Any, builder: Any, signature: Any, given: Sequence[Value]) -> Value:
    """The code of `filter_frame`."""
    sound, bank = (
        _Rows(builder, context.make_array(kind)(context, builder, value).data)
        for kind, value in zip(signature.args[:2], given[:2], strict=True)
    )
    alpha, samples, taps = given[2:]
    a = _spread(builder, alpha)
    rest = _fused(builder, builder.fneg(a), a, _constant(1.0))
    with _tools.for_range(builder, samples, intp=ir.IntType(64)) as loop:
        here = sound.at(loop.index)
        x = _first(builder, bank, here.load(0), a, rest)
        here.store(0, _second(builder, bank, x, a, rest, taps))
    return context.get_dummy_value()


def _typed(_context: Any, x: Any, bank: Any, alpha: Any, samples: Any, taps: Any) -> tuple[Any, Callable[..., Value]]:
    """Filter one frame of all utterances in place.

    `x`: shape (samples, SLOTS); `bank`: see `layout`; both C-contiguous and aligned to a register.
    """
    kinds = (x, bank, types.float32, types.int64, types.int64)
    del alpha, samples, taps
    return types.none(*kinds), _frame


filter_frame: Any = intrinsic(_typed)
