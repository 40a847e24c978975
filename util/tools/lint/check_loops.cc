// Loops and routines: `for` and its `next`, and what runs into the lines that `call` is for.
#include <algorithm>
#include <optional>
#include <set>

#include "util/tools/lint/findings.h"
#include "util/tools/lint/outcome.h"
#include "util/tools/lint/script.h"
#include "util/tools/lint/words.h"

namespace lint {

namespace {

// Lines by their index in the script.
struct Loop {
    std::string_view setting;
    std::size_t begin;               // the line of `for`
    std::optional<std::size_t> end;  // the line of `next`; none: there is none
    bool has_inside(std::size_t line) const { return end && line > begin && line <= *end; }
};

// The setting of a "for" or "next" as it is written; empty: it is no such command.
std::string_view setting_of(const Call& call, std::string_view command) {
    return call.is(command) && call.words.size() > 1 ? std::string_view(call.words[1]) : std::string_view();
}

// As `for` finds it when it runs: a line that begins with it.
std::optional<std::size_t> find_next(const Script& script, std::size_t from, std::string_view setting) {
    for (std::size_t at = from + 1; at < script.lines.size(); ++at) {
        const auto& calls = script.lines[at].calls;
        if (!calls.empty() && setting_of(calls[0], "next") == setting) return at;
    }
    return std::nullopt;
}

std::vector<Loop> loops_of(const Script& script) {
    std::vector<Loop> loops;
    for (std::size_t at = 0; at < script.lines.size(); ++at)
        for (const Call& call : script.lines[at].calls)
            if (std::string_view setting = setting_of(call, "for"); !setting.empty()) loops.push_back({setting, at, find_next(script, at, setting)});
    return loops;
}

std::string in_line(const Script& script, std::size_t line) { return "line " + std::to_string(script.lines[line].number); }

void check_ends(const Script& script, const std::vector<Loop>& loops, Report& report) {
    for (const Loop& loop : loops) {
        std::string setting(loop.setting);
        if (!loop.end && !is_dynamic(setting))
            report.add("unclosed-for", script.lines[loop.begin].number, "for " + setting + ": no line below begins with next " + setting);
        for (const Loop& inner : loops)
            if (loop.has_inside(inner.begin) && inner.end && *inner.end > *loop.end && inner.setting != loop.setting)
                report.add("crossed-loops", script.lines[*loop.end].number,
                           "next " + setting + " ends the loop of " + std::string(inner.setting) + " as well, which " + in_line(script, inner.begin) +
                               " begins within it and whose next is in " + in_line(script, *inner.end));
    }
}

void check_next(const Script& script, const std::vector<Loop>& loops, std::size_t line, bool is_first, const std::string& setting, Report& report) {
    if (is_dynamic(setting)) {
        std::string_view name = sole_setting(setting);
        if (!name.empty()) report.add("stray-next", script.lines[line].number, "next " + setting + ": it is the setting's name that stands here: next " + std::string(name));
        return;
    }
    const Loop* last = nullptr;  // that begins above
    for (const Loop& loop : loops) {
        if (loop.begin > line) break;
        if (loop.setting == setting || is_dynamic(loop.setting)) last = &loop;
    }
    if (!last)
        report.add("stray-next", script.lines[line].number, "next " + setting + ": there is no for " + setting + " above");
    else if (is_first && last->end && *last->end < line)
        report.add("stray-next", script.lines[line].number, "next " + setting + ": " + in_line(script, *last->end) + " ends that loop already");
}

void check_every_next(const Script& script, const std::vector<Loop>& loops, Report& report) {
    for (std::size_t at = 0; at < script.lines.size(); ++at) {
        const auto& calls = script.lines[at].calls;
        for (std::size_t i = 0; i < calls.size(); ++i)
            if (std::string setting(setting_of(calls[i], "next")); !setting.empty()) check_next(script, loops, at, i == 0, setting, report);
    }
}

// The labels that a command names: "goto" or "call".
std::set<std::string_view> targets(const Script& script, std::string_view command, std::size_t first, std::size_t last) {
    std::set<std::string_view> found;
    for (std::size_t at = first; at < last; ++at)
        for (const Call& call : script.lines[at].calls)
            if (call.is(command) && call.words.size() > 1) found.insert(call.words[1]);
    return found;
}

std::optional<std::size_t> line_of(const Script& script, std::string_view label) {
    auto found = std::ranges::find(script.lines, label, &Line::label);
    if (found == script.lines.end()) return std::nullopt;
    return static_cast<std::size_t>(found - script.lines.begin());
}

// A loop that is left on the way may be come back to.
bool leaves(const Script& script, const Loop& loop) {
    for (std::string_view label : targets(script, "goto", loop.begin + 1, *loop.end + 1)) {
        auto line = line_of(script, label);
        if (!line || !loop.has_inside(*line)) return true;
    }
    return false;
}

void check_jumps_into(const Script& script, const Loop& loop, Report& report) {
    if (!loop.end || leaves(script, loop)) return;
    for (std::size_t at = 0; at < script.lines.size(); ++at) {
        if (loop.has_inside(at)) continue;
        for (std::string_view label : targets(script, "goto", at, at + 1)) {
            auto line = line_of(script, label);
            if (line && loop.has_inside(*line))
                report.add("into-loop", script.lines[at].number, "goto " + std::string(label) + " leads into the loop of " + std::string(loop.setting) + " (" +
                                                                     in_line(script, loop.begin) + "), which has not begun");
        }
    }
}

// What only `call` names is a routine, and one above it has to end.
void check_routines(const Script& script, Report& report) {
    auto called = targets(script, "call", 0, script.lines.size()), gone_to = targets(script, "goto", 0, script.lines.size());
    for (std::string_view label : targets(script, "trap", 0, script.lines.size())) gone_to.insert(label);
    bool somewhere = std::ranges::any_of(gone_to, [](std::string_view label) { return is_dynamic(label); });
    bool runs_on = true;
    for (const Line& line : script.lines) {
        bool is_routine = called.contains(line.label) && !gone_to.contains(line.label);
        if (is_routine && runs_on && !somewhere)
            report.add("into-routine", line.number, "the lines above run on into " + line.label + ", which is for call: exit or return is missing");
        runs_on = outcome_of(script, line).ok;
    }
}

}  // namespace

void check_loops(const Script& script, Report& report) {
    if (script.is_template) return;
    auto loops = loops_of(script);
    check_ends(script, loops, report);
    check_every_next(script, loops, report);
    for (const Loop& loop : loops) check_jumps_into(script, loop, report);
    check_routines(script, report);
}

}  // namespace lint
