// "&&", "||" and ";": lines that read differently from how they run, and tests of fixed text.
#include <algorithm>

#include "util/tools/lint/findings.h"
#include "util/tools/lint/outcome.h"
#include "util/tools/lint/script.h"
#include "util/tools/lint/words.h"

namespace lint {

namespace {

using scripts::WordKind;

// Commands that say nothing when they fail are tests, but for those that a person or another line answers.
bool is_test(const Call& call) {
    if (!call.command || call.command->report != scripts::Report::Quiet) return false;
    for (std::string_view name : {"choose", "goto", "pciscan", "prompt"})
        if (call.is(name)) return false;
    return true;
}

void check_constant(const Call& call, unsigned line, Report& report) {
    for (const std::string& word : call.words)
        if (is_dynamic(word)) return;
    if (call.is("isset") && call.arguments.size() == 1)
        report.add("constant-test", line, "isset " + call.arguments[0] + " always succeeds: it tests a text, the setting is ${" + call.arguments[0] + "}");
    if (call.is("iseq") && call.arguments.size() == 2)
        report.add("constant-test", line, "iseq compares two fixed texts: a setting is written ${" + call.arguments[0] + "}");
}

// "dhcp&& goto x", "goto x;": where another command would begin behind it.
void check_lost(const Call& call, unsigned line, Report& report) {
    for (bool free_text : {call.is("echo"), call.is("prompt"), call.is("item"), call.is("menu")})
        if (free_text) return;
    for (std::size_t i = 0; i < call.words.size(); ++i) {
        const std::string& word = call.words[i];
        bool command_follows = i + 1 < call.words.size() && scripts::find_command(call.words[i + 1]);
        if (word.ends_with(';') && (command_follows || i + 1 == call.words.size()) && word.size() > 1)
            report.add("lost-operator", line, "\";\" is part of the word " + word + ": it needs a blank before it");
        for (std::string_view op : {"&&", "||"}) {
            std::size_t at = word.find(op);
            if (at == word.npos) continue;
            std::string_view behind = std::string_view(word).substr(at + 2);
            if ((behind.empty() && command_follows) || scripts::find_command(behind))
                report.add("lost-operator", line, "\"" + std::string(op) + "\" is part of the word " + word + ": it needs blanks around it");
        }
    }
}

bool tells(const Call& call) { return call.is("echo") || call.is("sleep") || call.is("prompt") || call.is("shell"); }

// "a && b || c && d", where c may succeed, and "a || echo no && d": whoever reads what is behind || as the other case is wrong.
void check_mixed(const Script& script, const Line& line, Report& report) {
    for (std::size_t i = 2; i < line.calls.size(); ++i) {
        const Call* call = &line.calls[i];
        if (call[-1].before != WordKind::Or || call[0].before != WordKind::And || call[0].words.empty() || call[-1].words.empty()) continue;
        bool chosen = i > 2 && call[-2].before == WordKind::And;
        if (!chosen && !tells(call[-1])) continue;
        if (!outcome_of(script, call[-2]).ok || !outcome_of(script, call[-1]).ok) continue;
        report.add("mixed-operators", line.number, call[0].words[0] + " also runs when what stands before || has succeeded");
        return;
    }
}

void check_never(const Script& script, const Line& line, Report& report) {
    Outcome live{.ok = true};
    for (const Call& call : line.calls) {
        Outcome runs = runs_after(live, call.before);
        // "goto x || shell" is caution, and harmless.
        bool cautious = call.before == WordKind::Or && !live.returns();
        if (!runs.returns() && !call.words.empty() && !cautious) {
            report.add("never-runs", line.number, call.words[0] + " never runs: what stands before it " +
                                                      (!live.returns() ? "does not come back" : live.ok ? "cannot fail" : "cannot succeed"));
            return;
        }
        Outcome skipped{live.ok && !runs.ok, live.fail && !runs.fail};
        Outcome after = outcome_of(script, call);
        live = {skipped.ok || after.ok, skipped.fail || after.fail};
    }
}

void check_test(const Line& line, Report& report) {
    bool caught = std::ranges::any_of(line.calls.begin() + 1, line.calls.end(), [](const Call& call) { return call.before != WordKind::And; });
    if (line.calls.size() < 2 || caught || !is_test(line.calls[0]) || line.calls[1].words.empty()) return;
    report.add("test-ends-script", line.number, "when the test fails, the script ends with an error: \"||\" at the line's end goes on");
}

}  // namespace

void check_operators(const Script& script, Report& report) {
    for (const Line& line : script.lines) {
        for (const Call& call : line.calls) {
            check_constant(call, line.number, report);
            check_lost(call, line.number, report);
        }
        if (line.calls.empty() || script.is_template) continue;
        check_mixed(script, line, report);
        check_never(script, line, report);
        if (&line != &script.lines.back()) check_test(line, report);
    }
}

}  // namespace lint
