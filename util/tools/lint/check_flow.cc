// Labels, what leads to them, and what nothing leads to.
#include <algorithm>
#include <map>
#include <set>

#include "scripts/argument_kind.h"
#include "util/tools/lint/findings.h"
#include "util/tools/lint/outcome.h"
#include "util/tools/lint/script.h"
#include "util/tools/lint/words.h"

namespace lint {

namespace {

std::vector<std::string_view> labels_of(const Script& script) {
    std::vector<std::string_view> labels;
    for (const Line& line : script.lines)
        if (!line.label.empty()) labels.push_back(line.label);
    return labels;
}

void check_target(const Script& script, const std::vector<std::string_view>& labels, const std::string& command, const std::string& label, unsigned line,
                  std::set<std::string_view>& used, Report& report) {
    bool found = false;
    for (std::string_view there : labels)
        if (could_be(label, there)) {
            used.insert(there);
            found = true;
        }
    // What `call` names may be in a script that is included.
    bool may_be_elsewhere = command == "call" && script.runs("include");
    if (found || script.is_template || may_be_elsewhere) return;
    if (is_dynamic(label)) {
        report.add("no-label", line, command + " " + label + ": no label of the script could be it");
        return;
    }
    std::string_view near = nearest(label, labels);
    report.add("no-label", line, command + " " + label + ": no such label" + (near.empty() ? "" : " (is it " + std::string(near) + "?)"));
}

std::set<std::string_view> check_targets(const Script& script, Report& report) {
    std::set<std::string_view> used;
    auto labels = labels_of(script);
    for (const Line& line : script.lines)
        for (const Call& call : line.calls)
            for (std::size_t i = 0; call.command && i < call.arguments.size(); ++i)
                if (argument_kind(*call.command, i) == scripts::ArgumentKind::Label)
                    check_target(script, labels, call.words[0], call.arguments[i], line.number, used, report);
    return used;
}

void check_labels(const Script& script, Report& report) {
    std::map<std::string_view, unsigned> first;
    for (const Line& line : script.lines) {
        if (line.label.empty()) continue;
        auto [at, is_new] = first.emplace(line.label, line.number);
        if (!is_new && !script.is_template)
            report.add("duplicate-label", line.number, "label " + line.label + " is in line " + std::to_string(at->second) + " already; goto goes there");
        if (line.label.find("${") != std::string::npos)
            report.add("no-label", line.number, "label " + line.label + ": labels are not expanded");
    }
}

bool only_leaves(const Line& line) {
    return std::ranges::all_of(line.calls, [](const Call& call) { return call.words.empty() || call.is("goto") || call.is("exit") || call.is("return"); });
}

// A "goto" or "exit" behind what goes elsewhere anyway is caution, and harmless.
void check_reached(const Script& script, const std::set<std::string_view>& used, Report& report) {
    bool reached = true, said = false;
    for (const Line& line : script.lines) {
        bool is_used = used.contains(line.label);
        if (!line.label.empty() && !is_used && reached) report.add("unused-label", line.number, "no goto leads to label " + line.label);
        reached = reached || is_used;
        if (reached) {
            said = false;
            reached = outcome_of(script, line).ok;
        } else if (!said && !only_leaves(line)) {
            said = true;
            report.add("unreachable", line.number, "nothing leads here: what stands above goes elsewhere, and there is no label that goto names");
        }
    }
}

}  // namespace

void check_flow(const Script& script, Report& report) {
    check_labels(script, report);
    auto used = check_targets(script, report);
    if (!script.is_template) check_reached(script, used, report);
}

}  // namespace lint
