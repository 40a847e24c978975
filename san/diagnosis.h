// What a person needs to know of a SAN failure: the stage, the names, the reason in words, the likely fix.
// Kept beside the Failure (which is one constant) by whoever fails, printed by the command layer.
#pragma once

#include "util/text.h"

namespace san {

struct Diagnosis {
    const char* stage = "";       // "resolve", "connect", "login", "LUN", "read", "write"
    util::Text<400> what;         // "target 10.0.0.1:3260 iqn.x, initiator iqn.y: target not found (0203)"
    util::Text<240> hint;         // "LUNs that exist: 1 (disk). tgt's LUN 0 is its controller"
    void clear() {
        stage = "";
        what.clear();
        hint.clear();
    }
};

}  // namespace san
