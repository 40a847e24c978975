// How commands and lines may end, as far as it is known without running them.
#pragma once

#include "util/tools/lint/script.h"

namespace lint {

// None of both: it never comes back, as `exit` and `goto` do.
struct Outcome {
    bool ok = false, fail = false;
    bool returns() const { return ok || fail; }
};

Outcome outcome_of(const Script& script, const Call& call);
Outcome outcome_of(const Script& script, const Line& line);
// Of those outcomes of what stands before it, the ones after which a command with this operator in front runs.
Outcome runs_after(Outcome before, scripts::WordKind op);

}  // namespace lint
