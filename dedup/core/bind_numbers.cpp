#include "arrays.hpp"
#include "bindings.hpp"
#include "logarithm.hpp"

namespace dedup {

void bind_numbers(nb::module_& m) {
    m.def("natural_log", natural_log, nb::arg("x"), "Return the natural logarithm.");
    m.def("binary_log", binary_log, nb::arg("x"), "Return the logarithm to the base 2.");
}

}  // namespace dedup
