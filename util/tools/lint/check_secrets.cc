// CHAP secrets in scripts that attach iSCSI drives: Windows' initiator takes 12 to 16 characters only, and targets refuse a
// secret that is the same in both directions (RFC 7143 section 12.1.3).
#include <algorithm>
#include <optional>

#include "util/tools/lint/findings.h"
#include "util/tools/lint/script.h"
#include "util/tools/lint/words.h"

namespace lint {

namespace {

constexpr std::size_t kShortest = 12, kLongest = 16;

struct Secret {
    std::string value;
    unsigned line;
};

void check_length(const Secret& secret, Report& report) {
    if (secret.value.size() < kShortest || secret.value.size() > kLongest)
        report.add("secret-length", secret.line, "a CHAP secret of " + std::to_string(secret.value.size()) +
                                                     " characters: Windows takes 12 to 16 only");
}

// Whether a drive may be attached by iSCSI: by HTTP, the same settings are for something else.
bool attaches_iscsi(const Script& script) {
    for (const Line& line : script.lines)
        for (const Call& call : line.calls)
            if (call.is("sanboot") || call.is("sanhook")) {
                if (call.arguments.empty()) return true;
                for (const std::string& uri : call.arguments)
                    if (uri.starts_with("iscsi:") || is_dynamic(uri.substr(0, 2))) return true;
            }
    return false;
}

}  // namespace

void check_secrets(const Script& script, Report& report) {
    if (!attaches_iscsi(script)) return;
    std::optional<Secret> ours, theirs;
    for (const Line& line : script.lines)
        for (const Call& call : line.calls) {
            if (!call.is("set") || call.arguments.size() != 2 || is_dynamic(call.arguments[1])) continue;
            std::string_view name = call.arguments[0];
            name = name.substr(name.rfind('/') + 1);
            name = name.substr(0, name.find(':'));
            auto& secret = name == "password" ? ours : theirs;
            if (name != "password" && name != "reverse-password") continue;
            secret = Secret{call.arguments[1], line.number};
            check_length(*secret, report);
            if (ours && theirs && ours->value == theirs->value)
                report.add("same-secret", line.number, "the CHAP secret is the same in both directions, which targets refuse");
        }
}

}  // namespace lint
