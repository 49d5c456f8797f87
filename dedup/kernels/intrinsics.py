"""Operations that processors have and numba has no name for.

They are written in LLVM's own language, so that LLVM picks the instructions of whatever
processor compiles them: 64 bytes may be one register, two, or four. None checks bounds.
Why these: ``docs/decisions/0009-words-by-bit-masks.md``.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

BLOCK = 64

_BYTE, _WORD = ir.IntType(8), ir.IntType(64)
_VECTOR = ir.VectorType(_BYTE, BLOCK)


@intrinsic
def load_word(typing_context: Any, data: Any, at: Any) -> Any:
    """Read eight bytes of a uint8 array from `at` on as one uint64, the first byte lowest."""
    signature = types.uint64(data, types.int64)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _load(context, builder, signature, arguments, _WORD)

    return signature, generate


@intrinsic
def store_word(typing_context: Any, data: Any, at: Any, value: Any) -> Any:
    """Write a uint64 to eight bytes of a uint8 array from `at` on, its lowest byte first."""
    signature = types.void(data, types.int64, types.uint64)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.store(arguments[2], _place(context, builder, signature, arguments, _WORD), align=1)
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def classify_block(typing_context: Any, data: Any, at: Any) -> Any:
    """Classify 64 bytes of a uint8 array from `at` on: bit i of each uint64 tells of byte i.

    The first tells which are ASCII letters and digits or not ASCII, the second which are
    not ASCII.
    """
    signature = types.UniTuple(types.uint64, 2)(data, types.int64)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        block = _load(context, builder, signature, arguments, _VECTOR)
        small = builder.or_(block, _all(0x20))
        is_letter = builder.icmp_unsigned("<", builder.sub(small, _all(ord("a"))), _all(26))
        is_digit = builder.icmp_unsigned("<", builder.sub(block, _all(ord("0"))), _all(10))
        is_foreign = builder.icmp_signed("<", block, _all(0))
        is_inside = builder.or_(builder.or_(is_letter, is_digit), is_foreign)
        masks = [builder.bitcast(mask, _WORD) for mask in (is_inside, is_foreign)]
        return context.make_tuple(builder, signature.return_type, masks)

    return signature, generate


@intrinsic
def count_trailing_zeros(typing_context: Any, value: Any) -> Any:
    """Return the place of the lowest bit of a uint64 that is set, 64 if none is."""
    signature = types.int64(types.uint64)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return signature, generate


@intrinsic
def count_ones(typing_context: Any, value: Any) -> Any:
    """Return how many bits of a uint64 are set."""
    signature = types.int64(types.uint64)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return signature, generate


def _load(context: Any, builder: Any, signature: Any, arguments: Any, kind: ir.Type) -> Any:
    return builder.load(_place(context, builder, signature, arguments, kind), align=1)


def _place(context: Any, builder: Any, signature: Any, arguments: Any, kind: ir.Type) -> Any:
    array = context.make_array(signature.args[0])(context, builder, arguments[0])
    return builder.bitcast(builder.gep(array.data, [arguments[1]]), ir.PointerType(kind))


def _all(value: int) -> ir.Constant:
    return ir.Constant(_VECTOR, [value] * BLOCK)
