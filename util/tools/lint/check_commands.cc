// Each command by itself: whether it exists, its options, its arguments.
#include <platform/console.h>

#include <algorithm>

#include "embed/features.h"
#include "scripts/argument_kind.h"
#include "scripts/keys.h"
#include "util/tools/lint/findings.h"
#include "util/tools/lint/firmware.h"
#include "util/tools/lint/script.h"
#include "util/tools/lint/words.h"

namespace lint {

namespace {

// Commands of the established firmware's public reference: a script that has them is no worse for it.
constexpr std::string_view kKnownElsewhere[] = {
    "certfree", "certstat", "certstore", "config", "console", "digest", "fcels", "fcstat", "fdt", "gdbstub", "ibmgmt", "ibstat",
    "ifconf", "imgdecrypt", "imgmem", "imgset", "imgtrust", "imgverify", "ipstat", "lotest", "md5sum", "neighbour", "nslookup", "nstat",
    "ntp", "nvo", "pcimask", "profstat", "sha1sum", "sha256sum", "sha512sum", "startpxe", "stoppxe", "usbscan", "vcreate", "vdestroy"};
constexpr std::string_view kEfiCommands[] = {"shim"};
constexpr const char* kEfiOptions[] = {"filename", "extra", "label", "uuid"};
constexpr std::string_view kCommentsElsewhere[] = {"//", "--", "rem", "REM", "::"};

std::string quoted(std::string_view word) { return "\"" + std::string(word) + "\""; }

// Whether some other command's word names this one: an item, a goto.
bool is_named(const Script& script, const Call& call) {
    for (const Line& line : script.lines)
        for (const Call& other : line.calls)
            if (&other != &call && std::ranges::find(other.words, call.words[0]) != other.words.end()) return true;
    return false;
}

std::string unknown_command(const Script& script, const Call& call) {
    std::string_view name = call.words[0];
    std::string message = "no such command: " + std::string(name);
    if (std::ranges::find(kKnownElsewhere, name) != std::end(kKnownElsewhere))
        return message + " (iPXE has it; here it fails)";
    for (std::string_view mark : kCommentsElsewhere)
        if (name.starts_with(mark)) return message + " (comments begin with #)";
    if (call.words.size() == 1 && is_named(script, call)) return message + " (is it a label? those begin with a colon)";
    std::string lower(name);
    std::ranges::transform(lower, lower.begin(), util::to_lower);
    std::string_view near = scripts::nearest_command(lower);
    return near.empty() ? message : message + " (is it " + std::string(near) + "?)";
}

void check_keys(const scripts::Invocation& call, unsigned line, Report& report) {
    bool has_key = std::ranges::any_of(call.command.options, [](const scripts::Option& option) { return option.name == std::string_view("key"); });
    if (has_key && call.has("key") && scripts::parse_key(call.text("key")) == platform::kNoKey)
        report.add("options", line, std::string(call.command.name) + " --key: no key is called " + quoted(call.text("key")));
}

// Commands that fetch take the option in every image, so that a script is not stopped for want of it.
void check_timeout(const scripts::Invocation& call, unsigned line, Report& report) {
    constexpr std::string_view kFetching[] = {"chain", "boot", "imgargs", "imgexec", "imgfetch", "imgload", "imgselect", "imgset", "initrd", "kernel", "module"};
    if (std::ranges::find(kFetching, call.command.name) == std::end(kFetching) || !call.has("timeout")) return;
    if (!embed::has_feature(report.options.features, "settings"))
        report.add("feature", line, std::string(call.command.name) + " --timeout does nothing in an image without the feature settings");
}

void check_efi_options(const scripts::Invocation& call, unsigned line, bool asks_platform, Report& report) {
    if (std::string_view(call.command.name) != "sanboot" || asks_platform) return;
    for (const char* option : kEfiOptions)
        if (call.has(option)) report.add("efi-only", line, "sanboot --" + std::string(option) + " works on EFI machines only; here it is ignored");
}

// Whether the command takes a number there.
bool is_number(const Call& call, std::size_t at) {
    if (call.is("inc")) return at == 1;
    return at == 0 && (call.is("sleep") || call.is("exit") || call.is("cpuid") || call.is("colour") || call.is("cpair"));
}

void check_arguments(const Call& call, unsigned line, Report& report) {
    for (std::size_t i = 0; i < call.arguments.size(); ++i) {
        const std::string& argument = call.arguments[i];
        if (is_dynamic(argument)) continue;
        if (is_number(call, i) && !util::parse_integer(argument))
            report.add("options", line, call.words[0] + ": " + quoted(argument) + " is not a number");
        if (argument_kind(*call.command, i) == scripts::ArgumentKind::Interface && !is_interface(argument))
            report.add("options", line, call.words[0] + ": no interface is called " + quoted(argument) + "; they are net0, net1 and so on");
    }
    if (call.is("set") && call.arguments.size() == 1 && !is_dynamic(call.arguments[0]) && call.arguments[0].find('=') != std::string::npos)
        report.add("options", line, "set: name and value are two words, without \"=\"");
}

// Has the firmware's parser take the words apart.
void parse(Call& call, unsigned line, bool asks_platform, Report& report) {
    std::vector<std::string> values;
    for (std::size_t i = 1; i < call.words.size(); ++i) {
        if (has_template_mark(call.words[i])) return;
        values.push_back(is_dynamic(call.words[i]) ? with_values(call.words[i], "1") : call.words[i]);
    }
    std::vector<std::string_view> views(values.begin(), values.end());
    scripts::Invocation invocation(firmware(), *call.command);
    auto parsed = invocation.parse(views);
    if (!parsed.ok()) {
        std::string where(invocation.object());
        report.add("options", line, call.words[0] + (where.empty() ? "" : " " + where) + ": " + parsed.failure().text + " (usage: " +
                                        call.words[0] + " " + call.command->usage + ")");
        return;
    }
    call.arguments.assign(call.words.end() - static_cast<std::ptrdiff_t>(invocation.arguments.size()), call.words.end());
    check_keys(invocation, line, report);
    check_timeout(invocation, line, report);
    check_efi_options(invocation, line, asks_platform, report);
    check_arguments(call, line, report);
}

}  // namespace

void check_commands(Script& script, Report& report) {
    bool asks_platform = script.mentions("platform") || script.mentions("buildarch");
    for (Line& line : script.lines) {
        for (Call& call : line.calls) {
            if (call.words.empty() || is_dynamic(call.words[0])) continue;
            std::string_view name = call.words[0];
            if (std::ranges::find(kEfiCommands, name) != std::end(kEfiCommands)) {
                if (!asks_platform) report.add("efi-only", line.number, std::string(name) + " is for EFI machines only");
            } else if (!call.command) {
                report.add("unknown-command", line.number, unknown_command(script, call));
            } else {
                std::string_view feature = scripts::feature_of_command(name);
                if (!embed::has_feature(report.options.features, feature))
                    report.add("feature", line.number, std::string(name) + " needs an image with the feature " + std::string(feature));
                parse(call, line.number, asks_platform, report);
            }
        }
    }
}

}  // namespace lint
