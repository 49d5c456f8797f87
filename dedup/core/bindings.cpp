#include "bindings.hpp"

NB_MODULE(_core, m) {
    m.doc() = "Hot loops of dedup: flat arrays in, flat arrays out.";
    dedup::bind_families(m);
    dedup::bind_text(m);
    dedup::bind_sketch(m);
}
