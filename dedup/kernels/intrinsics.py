"""An operation that processors have and numba has no name for; it checks no bounds."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic


@intrinsic
def load_word(typing_context: Any, data: Any, at: Any) -> Any:
    """Read eight bytes of a uint8 array from `at` on as one uint64, the first byte lowest."""
    signature = types.uint64(data, types.int64)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        place = builder.gep(array.data, [arguments[1]])
        return builder.load(builder.bitcast(place, ir.PointerType(ir.IntType(64))), align=1)

    return signature, generate
