// Settings: names, scopes and types as they are written, values that are set, and names that nothing sets.
#include <algorithm>
#include <set>

#include "scripts/argument_kind.h"
#include "scripts/settings/scope_table.h"
#include "scripts/settings/settings.h"
#include "util/tools/lint/findings.h"
#include "util/tools/lint/firmware.h"
#include "util/tools/lint/script.h"
#include "util/tools/lint/words.h"

namespace lint {

namespace {

using scripts::ArgumentKind;
using scripts::SettingReference;

// A name without scope and type.
std::string_view bare(std::string_view name) {
    std::size_t slash = name.find('/');
    if (slash != name.npos) name.remove_prefix(slash + 1);
    return name.substr(0, name.rfind(':'));
}

// Names that the script sets, some known only when it runs. An item's label is one in forms.
std::vector<std::string_view> names_set(const Script& script, ArgumentKind wanted) {
    std::vector<std::string_view> names;
    for (const Line& line : script.lines)
        for (const Call& call : line.calls) {
            if (call.is("login")) names.insert(names.end(), {"username", "password"});
            if (!call.command || call.is("show") || call.is("clear")) continue;
            for (std::size_t i = 0; i < call.arguments.size(); ++i)
                if (argument_kind(*call.command, i) == wanted) names.push_back(bare(call.arguments[i]));
        }
    return names;
}

class Settings {
  public:
    Settings(const Script& script, Report& report) : report_(report), set_(names_set(script, ArgumentKind::Setting)) {
        for (std::string_view name : set_)
            if (!is_dynamic(name)) known_.push_back(name);
        for (std::string_view name : names_set(script, ArgumentKind::Item)) set_.push_back(name);
        for (const auto& setting : scripts::named_settings()) known_.push_back(setting.name);
    }

    // `written` is a whole reference: "net0/ip:ipv4".
    void check_reference(std::string_view written, unsigned line) {
        if (has_template_mark(written)) return;
        std::size_t colon = written.rfind(':');
        if (colon != written.npos && written.find_first_of("/}", colon) == written.npos && !is_dynamic(written.substr(colon)) &&
            !scripts::parse_setting_type(written.substr(colon + 1))) {
            report_.add("setting-type", line, std::string(written) + ": there is no type " + std::string(written.substr(colon + 1)));
            return;
        }
        std::string_view scope = written.substr(0, written.find('/'));
        if (scope.size() != written.size() && !is_dynamic(scope) && !is_scope(scope))
            report_.add("setting-name", line, std::string(written) + ": there is no scope " + std::string(scope));
        if (!is_dynamic(written) && !written.empty() && !SettingReference::parse(written).ok())
            report_.add("setting-name", line, std::string(written) + ": not a setting's name");
    }

    void check_read(std::string_view written, unsigned line) {
        check_reference(written, line);
        if (is_dynamic(written)) return;
        auto parsed = SettingReference::parse(written);
        if (!parsed.ok()) return;
        const SettingReference& reference = parsed.value();
        if (reference.known || !reference.option_number().empty() || scripts::find_scope_row(reference.scope) || is_set(reference.name)) return;
        std::string name(reference.name);
        std::string_view near = nearest(reference.name, known_);
        if (!near.empty())
            report_.add("spelling", line, "nothing sets ${" + name + "} (is it ${" + std::string(near) + "}?)");
        else if (is_interface(reference.scope))
            report_.add("setting-name", line, std::string(written) + ": interfaces have no setting " + name);
        else
            report_.add("unset", line, "the script does not set ${" + name + "}");
    }

    void check_value(const Call& call, unsigned line) {
        std::string value;
        for (std::size_t i = 1; i < call.arguments.size(); ++i) value += (i == 1 ? "" : " ") + call.arguments[i];
        if (value.empty() || is_dynamic(call.arguments[0]) || is_dynamic(value)) return;
        auto parsed = SettingReference::parse(call.arguments[0]);
        if (!parsed.ok()) return;
        auto type = parsed.value().type ? *parsed.value().type
                    : parsed.value().known ? parsed.value().known->type : scripts::SettingType::String;
        util::String bytes;
        if (!scripts::parse_setting(type, value, bytes).ok())
            report_.add("setting-value", line, "set " + call.arguments[0] + ": \"" + value + "\" is not of the type " + std::string(to_text(type)));
        if (value.size() > 1 && value[0] == '"' && value.back() == '"')
            report_.add("quotes", line, "set " + call.arguments[0] + ": the quotes become part of the value");
    }

  private:
    bool is_set(std::string_view name) const {
        return std::ranges::any_of(set_, [&](std::string_view other) { return could_be(other, name); });
    }
    Report& report_;
    std::vector<std::string_view> set_, known_;
};

}  // namespace

void check_settings(const Script& script, Report& report) {
    Settings settings(script, report);
    for (const Line& line : script.lines)
        for (const Call& call : line.calls) {
            for (const std::string& word : call.words)
                for (const Expansion& expansion : expansions(word)) {
                    if (!expansion.closed)
                        report.add("unclosed", line.number, "\"" + word + "\": ${ without }; a name has no blanks in it");
                    else if (!expansion.name.empty())
                        settings.check_read(expansion.name, line.number);
                }
            for (std::size_t i = 0; call.command && i < call.arguments.size(); ++i)
                if (argument_kind(*call.command, i) == ArgumentKind::Setting) settings.check_reference(call.arguments[i], line.number);
            if (call.is("set") && !call.arguments.empty()) settings.check_value(call, line.number);
        }
}

}  // namespace lint
