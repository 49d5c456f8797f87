// Groups of bindings, one per file bind_*.cpp.
#pragma once

#include <nanobind/nanobind.h>

namespace dedup {

void bind_align(nanobind::module_& m);
void bind_boilerplate(nanobind::module_& m);
void bind_candidates(nanobind::module_& m);
void bind_cluster_steps(nanobind::module_& m);
void bind_families(nanobind::module_& m);
void bind_json_lines(nanobind::module_& m);
void bind_numbers(nanobind::module_& m);
void bind_passage_steps(nanobind::module_& m);
void bind_postings(nanobind::module_& m);
void bind_seeds(nanobind::module_& m);
void bind_sketch(nanobind::module_& m);
void bind_spans(nanobind::module_& m);
void bind_stored(nanobind::module_& m);
void bind_table(nanobind::module_& m);
void bind_text(nanobind::module_& m);

}  // namespace dedup
