// URIs in scripts, as far as they are known: iSCSI's fields, schemes that exist, hosts and paths.
#include <algorithm>

#include "embed/features.h"
#include "net/fetch/scheme.h"
#include "net/fetch/uri.h"
#include "san/iscsi_failures.h"
#include "san/iscsi_uri.h"
#include "scripts/argument_kind.h"
#include "scripts/san_schemes.h"
#include "util/tools/lint/findings.h"
#include "util/tools/lint/firmware.h"
#include "util/tools/lint/script.h"
#include "util/tools/lint/words.h"

namespace lint {

namespace {

constexpr std::string_view kHttpSchemes[] = {"http", "https"};

// The fields of an iSCSI URI behind its scheme; colons in the target's name separate nothing. One that is known only when the
// script runs has something in it that is right there.
std::string iscsi_with_values(std::string_view uri) {
    static constexpr std::string_view kPlausible[] = {"server", "tcp", "3260", "0", "iqn.2000-01.org:x"};
    // Expansions are hidden first, as their types have colons, too.
    std::string hidden = with_values(uri, "\x01"), result = "iscsi:";
    std::string_view rest = std::string_view(hidden).substr(6);
    for (std::size_t field = 0; field < std::size(kPlausible); ++field) {
        bool is_last = field + 1 == std::size(kPlausible);
        auto split = util::split_first(rest, ':');
        std::string_view text = is_last ? rest : split.before;
        if (text == "\x01" || text.find('\x01') != text.npos) text = kPlausible[field];
        result += std::string(text) + (is_last ? "" : ":");
        if (!is_last && !split.found) break;
        rest = split.after;
    }
    return result;
}

// Whether enough of it is known: an expansion may stand for several fields.
bool has_all_iscsi_fields(std::string_view uri) {
    std::string hidden = with_values(uri, "");
    return std::ranges::count(hidden, ':') >= 5;
}

void check_iscsi(const std::string& uri, unsigned line, Report& report) {
    if (is_dynamic(uri) && !has_all_iscsi_fields(uri)) return;
    auto parsed = san::parse_iscsi_uri(iscsi_with_values(uri));
    if (!parsed.ok()) report.add("uri", line, uri + ": " + parsed.failure().text);
}

void check_hierarchical(const std::string& uri, std::string_view scheme, unsigned line, Report& report) {
    std::string_view rest = std::string_view(uri).substr(scheme.size() + 1);
    auto add = [&](std::string_view what) { report.add("uri", line, uri + ": " + std::string(what)); };
    if (rest.starts_with("${") || has_template_mark(rest)) return;
    if (!rest.starts_with("//")) return add("\"//\" and a server belong behind the scheme");
    if (rest.find('\\') != rest.npos) return add("paths have /, not \\");
    std::string_view server = rest.substr(2);
    server = server.substr(0, server.find('/'));
    if (server.empty()) return add("it names no server");
    auto parsed = net::Uri::parse(with_values(uri, "1"));
    if (!parsed.ok()) return add(parsed.failure().text);
    if (scheme == "tftp" && parsed.value().path().size() < 2 && !is_dynamic(uri)) add("it names no file");
}

bool can_be_fetched(std::string_view scheme) {
    return std::ranges::any_of(net::schemes(), [&](const net::Scheme& known) { return util::equal_ignoring_case(known.name, scheme); });
}

void check_uri(const std::string& uri, bool is_drive, unsigned line, Report& report) {
    std::string_view scheme = std::string_view(uri).substr(0, net::uri_scheme_length(uri));
    if (scheme.empty() || is_dynamic(scheme)) return;
    bool known = is_drive ? scripts::find_san_scheme(uri) != nullptr : can_be_fetched(scheme);
    if (!known) {
        report.add("uri", line, uri + ": " + (is_drive ? "no drive is attached" : "nothing is fetched") + " by " + std::string(scheme));
        return;
    }
    bool is_http = std::ranges::any_of(kHttpSchemes, [&](std::string_view name) { return util::equal_ignoring_case(name, scheme); });
    if (is_http && !embed::has_feature(report.options.features, "http"))
        report.add("feature", line, uri + ": needs an image with the feature http");
    else if (util::equal_ignoring_case(scheme, "https") && !embed::has_feature(report.options.features, "https"))
        report.add("feature", line, uri + ": needs an image with the feature https");
    if (san::is_iscsi_uri(uri))
        check_iscsi(uri, line, report);
    else
        check_hierarchical(uri, scheme, line, report);
}

bool starts_programs(const Call& call) {
    for (std::string_view name : {"chain", "boot", "imgexec", "kernel", "imgload", "imgselect"})
        if (call.is(name)) return true;
    return false;
}

}  // namespace

void check_uris(const Script& script, Report& report) {
    bool asks_platform = script.mentions("platform") || script.mentions("buildarch");
    for (const Line& line : script.lines)
        for (const Call& call : line.calls) {
            for (std::size_t i = 0; call.command && i < call.arguments.size(); ++i) {
                auto kind = argument_kind(*call.command, i);
                if (kind == scripts::ArgumentKind::Uri || kind == scripts::ArgumentKind::UriOrImage)
                    check_uri(call.arguments[i], call.is("sanboot") || call.is("sanhook"), line.number, report);
            }
            if (call.is("set") && call.arguments.size() == 2 && call.arguments[0] == "root-path" && san::is_iscsi_uri(call.arguments[1]))
                check_iscsi(call.arguments[1], line.number, report);
            if (starts_programs(call) && !call.arguments.empty() && call.arguments[0].ends_with(".efi") && !asks_platform)
                report.add("efi-only", line.number, call.arguments[0] + ": EFI programs do not run on BIOS machines; ask ${platform} first");
        }
}

}  // namespace lint
