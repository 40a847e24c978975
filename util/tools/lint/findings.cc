#include "util/tools/lint/findings.h"

#include <algorithm>

#include "util/assert.h"
#include "util/tools/lint/script.h"

namespace lint {

namespace {

using enum Level;

// clang-format off
constexpr Check kChecks[] = {
    {"bad-line",          Wrong,  "a line that is too long, or has bytes that no script has"},
    {"bom",               Wrong,  "a byte order mark in front of #!ipxe, or UTF-16: the file is not known for a script"},
    {"comment-continues", Likely, "a comment that ends with \\ takes the next line with it"},
    {"constant-test",     Wrong,  "isset or iseq of fixed text: ${} was forgotten"},
    {"continuation",      Wrong,  "blanks or a comment behind \\: the line does not go on"},
    {"crossed-loops",     Wrong,  "a loop that begins within another one and ends behind it"},
    {"duplicate-key",     Likely, "two items of a menu have the same key: the first gets it"},
    {"duplicate-label",   Wrong,  "a label that is there already: goto finds the first"},
    {"efi-only",          Likely, "something that only EFI machines have, in a script that does not ask for the platform"},
    {"feature",           Wrong,  "a command, scheme or option that the image lacks (see --features)"},
    {"into-loop",         Likely, "goto from outside into the lines of a for: its next finds no loop"},
    {"into-routine",      Likely, "lines that run on into a routine, where exit or return is missing"},
    {"item-target",       Wrong,  "an item that can be chosen, but goto finds no label for it"},
    {"lost-operator",     Likely, "&&, || or ; that is part of a word, as no blank is before or behind it"},
    {"menu-default",      Likely, "choose --default names no item of the menu"},
    {"menu-unshown",      Wrong,  "a menu or form that choose or present never shows"},
    {"mixed-operators",   Likely, "a && b || c && d, a || echo c && d: d runs without c as well"},
    {"never-runs",        Likely, "a command behind && or || that is never reached"},
    {"no-label",          Wrong,  "goto to a label that is not there"},
    {"no-shebang",        Wrong,  "the first line is not #!ipxe: the file is not known for a script"},
    {"options",           Wrong,  "a command's options or number of arguments"},
    {"quotes",            Note,   "quotes are plain characters: they become part of the setting"},
    {"same-secret",       Wrong,  "CHAP with the same secret in both directions, which targets refuse"},
    {"secret-length",     Likely, "a CHAP secret that is not 12 to 16 characters long: Windows refuses it"},
    {"setting-name",      Wrong,  "a setting's name that is malformed, or in a scope that does not exist"},
    {"setting-type",      Wrong,  "${name:type} of a type that does not exist"},
    {"setting-value",     Wrong,  "a value that does not fit the setting's type"},
    {"spelling",          Likely, "a setting that nothing sets, close to one that is set"},
    {"stray-next",        Wrong,  "a next whose for is not there, or has its next already"},
    {"test-ends-script",  Likely, "a test with && but no ||: the script ends with an error when it fails"},
    {"unclosed",          Wrong,  "${ without }: blanks end words, so a name has none"},
    {"unclosed-for",      Wrong,  "a for whose next does not begin a line below it"},
    {"unknown-command",   Wrong,  "a command that does not exist"},
    {"unreachable",       Likely, "commands that nothing leads to"},
    {"unset",             Note,   "a setting that the script does not set: another one, or DHCP, must have"},
    {"unused-choice",     Note,   "what choose answers is looked at by other scripts only, if at all"},
    {"unused-label",      Note,   "a label that no goto leads to"},
    {"uri",               Wrong,  "a URI that cannot be fetched or attached as it stands"},
};
// clang-format on
static_assert(std::ranges::is_sorted(kChecks, {}, &Check::name));

bool names(const std::vector<std::string>& list, std::string_view name) {
    return std::ranges::find(list, name) != list.end();
}

}  // namespace

std::span<const Check> checks() { return kChecks; }

const Check* find_check(std::string_view name) {
    auto found = std::ranges::find(kChecks, name, &Check::name);
    return found == std::end(kChecks) ? nullptr : found;
}

bool Options::wants(const Check& check) const {
    if (names(ignored, check.name)) return false;
    if (!only.empty()) return names(only, check.name);
    return notes || check.level != Level::Note;
}

void Report::add(std::string_view name, unsigned line, std::string message) {
    const Check* check = find_check(name);
    ASSERT(check);
    if (options.wants(*check)) findings.push_back({line, check, std::move(message)});
}

std::vector<Finding> check_script(std::string_view text, const Options& options) {
    Report report(options);
    Script script = read_script(text);
    check_text(script, report);
    check_commands(script, report);
    for (auto check : {check_flow, check_loops, check_operators, check_menus, check_settings, check_secrets, check_uris})
        check(script, report);
    std::ranges::stable_sort(report.findings, {}, &Finding::line);
    auto same = [](const Finding& a, const Finding& b) { return a.line == b.line && a.message == b.message; };
    report.findings.erase(std::unique(report.findings.begin(), report.findings.end(), same), report.findings.end());
    return std::move(report.findings);
}

}  // namespace lint
