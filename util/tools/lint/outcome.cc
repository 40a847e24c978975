#include "util/tools/lint/outcome.h"

#include <algorithm>

#include "util/tools/lint/words.h"

namespace lint {

Outcome outcome_of(const Script& script, const Call& call) {
    if (call.words.empty() || call.is("echo")) return {.ok = true};
    // An unknown one is reported by itself; what follows is judged as if it were there.
    if (!call.command) return {true, true};
    if (call.is("exit") || call.is("return")) return {};
    if (call.is("goto") && !call.arguments.empty()) {
        // One that is computed may find no label.
        if (is_dynamic(call.arguments[0])) return {.fail = true};
        // One that is not there is reported by itself, as unknown commands are.
        bool missing = !script.defines(call.arguments[0]);
        return {missing, missing};
    }
    bool replaces = std::ranges::any_of(call.words, [](const std::string& word) { return word == "--replace" || word == "-r"; });
    if (replaces && (call.is("chain") || call.is("boot") || call.is("imgexec"))) return {.fail = true};
    return {true, true};
}

Outcome runs_after(Outcome before, scripts::WordKind op) {
    switch (op) {
        case scripts::WordKind::And: return {.ok = before.ok};
        case scripts::WordKind::Or: return {.fail = before.fail};
        default: return before;
    }
}

Outcome outcome_of(const Script& script, const Line& line) {
    Outcome live{.ok = true};
    for (const Call& call : line.calls) {
        Outcome runs = runs_after(live, call.before);
        Outcome skipped{live.ok && !runs.ok, live.fail && !runs.fail};
        Outcome after = runs.returns() ? outcome_of(script, call) : Outcome{};
        live = {skipped.ok || after.ok, skipped.fail || after.fail};
    }
    return live;
}

}  // namespace lint
