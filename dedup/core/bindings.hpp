// Groups of doors; each is a file bind_*.cpp.
#pragma once

#include <nanobind/nanobind.h>

namespace dedup {

void bind_align(nanobind::module_& m);
void bind_boilerplate(nanobind::module_& m);
void bind_candidates(nanobind::module_& m);
void bind_families(nanobind::module_& m);
void bind_gathering(nanobind::module_& m);
void bind_numbers(nanobind::module_& m);
void bind_postings(nanobind::module_& m);
void bind_search(nanobind::module_& m);
void bind_sketch(nanobind::module_& m);
void bind_steps(nanobind::module_& m);
void bind_stretches(nanobind::module_& m);
void bind_text(nanobind::module_& m);

}  // namespace dedup
