#include "bindings.hpp"

NB_MODULE(_core, m) {
    m.doc() = "Hot loops of dedup: flat arrays in, flat arrays out.";
    dedup::bind_candidates(m);
    dedup::bind_families(m);
    dedup::bind_postings(m);
    dedup::bind_search(m);
}
