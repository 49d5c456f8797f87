#include "bindings.hpp"

NB_MODULE(_core, m) {
    m.doc() = "Hot loops of dedup: flat arrays in, flat arrays out.";
  // Objects that outlive the interpreter in a frame or cache are not leaks of the core.
  nanobind::set_leak_warnings(false);
    dedup::bind_align(m);
    dedup::bind_boilerplate(m);
    dedup::bind_candidates(m);
    dedup::bind_cluster_steps(m);
    dedup::bind_families(m);
    dedup::bind_json_lines(m);
    dedup::bind_numbers(m);
    dedup::bind_passage_steps(m);
    dedup::bind_postings(m);
    dedup::bind_seeds(m);
    dedup::bind_sketch(m);
    dedup::bind_spans(m);
    dedup::bind_stored(m);
    dedup::bind_table(m);
    dedup::bind_text(m);
}
