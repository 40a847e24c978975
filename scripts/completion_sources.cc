// What completion offers: what each kind of argument may be, on this machine and now.
//
// Every image completes commands, options, settings and interfaces. With the feature "tools" the command table says what each argument
// and each option's value is, and there are images, URIs, labels, menus and drives as well.
#include "embed/select_rows.h"
#include "scripts/argument_kind.h"
#include "scripts/completion.h"
#include "scripts/expand.h"
#include "scripts/fetching.h"
#include "scripts/settings/scope_table.h"
#include "scripts/settings/setting_formats.h"
#include "scripts/system.h"

namespace scripts {

using namespace std::string_view_literals;

namespace {

constexpr bool kKnowsArguments = embed::has_feature(embed::kSelection, "tools");

using Name = util::Text<128>;

bool belongs_in(SettingHome home, std::string_view scope) {
    if (home == SettingHome::Smbios) return scope == "smbios";
    if (home == SettingHome::Builtin) return scope == "builtin";
    return scope != "smbios" && scope != "builtin" && !find_scope_row(scope);
}

// "net0/mac:" and each type.
void offer_types(std::string_view name, Candidates& candidates) {
    for (const SettingTypeRow& row : setting_types()) {
        Name full;
        candidates.offer(full.text(name).text(row.name).view());
    }
}

// The type of a setting that has its name already, names of the scope that was typed, and at the root the scopes.
void offer_settings(Settings& settings, std::string_view typed, Candidates& candidates) {
    std::size_t colon = typed.find(':');
    if (kKnowsArguments && colon != typed.npos) return offer_types(typed.substr(0, colon + 1), candidates);
    std::string_view scope_part = typed.substr(0, typed.find('/') + 1);
    std::string_view scope_name = scope_part.substr(0, scope_part.empty() ? 0 : scope_part.size() - 1);
    SettingScope* scope = scope_part.empty() ? nullptr : settings.find_scope(scope_name);
    auto offer = [&](std::string_view before, std::string_view after) {
        Name full;
        candidates.offer(full.text(before).text(after).view());
    };
    for (const NamedSetting& setting : named_settings())
        if (!kKnowsArguments || scope_part.empty() || belongs_in(setting.home, scope_name)) offer(scope_part, setting.name);
    for (const auto& entry : (scope ? scope->stored() : settings.root()).entries())
        if (!find_named_setting(entry.name.view())) offer(scope_part, entry.name.view());
    if (!scope_part.empty()) return;
    for (SettingScope& other : settings.scopes()) offer(other.name(), "/"sv);
    for (const ScopeRow& row : scope_rows()) offer(row.name, "/"sv);
}

void offer_commands(Candidates& candidates) {
    for (const Command& command : commands()) candidates.offer(command.name);
}

void offer_options(std::string_view name, Candidates& candidates) {
    const Command* command = find_command(name);
    if (!command) return;
    for (const Option& option : command->options) {
        util::Text<24> text;
        candidates.offer(text.text("--").text(option.name).view());
    }
}

void offer_interfaces(System& system, Candidates& candidates) {
    for (auto& nic : system.network.nics()) candidates.offer(nic->name());
}

// What only images with the feature have.

bool was_seen(System& system, std::string_view uri) {
    for (std::size_t i = 0; i < system.uris->size(); ++i)
        if ((*system.uris)[i] == uri) return true;
    return false;
}

// What a setting says, as a URI; it is no candidate twice.
void offer_uri_of(System& system, std::string_view setting, Candidates& candidates) {
    util::String text;
    if (!expand(system.settings, system.settings.text(setting).view(), text).ok() || text.empty()) return;
    auto uri = resolve_uri(system, text.view());
    if (uri.ok() && !(system.uris && was_seen(system, uri.value().text()))) candidates.offer(uri.value().text());
}

void offer_uris(System& system, Candidates& candidates) {
    offer_uri_of(system, "filename", candidates);
    if (net::uri_scheme_length(system.settings.text("root-path"sv).view())) offer_uri_of(system, "root-path", candidates);
    util::String server = system.settings.text("next-server"sv);
    Name root;
    if (!server.empty()) candidates.offer(root.text("tftp://").text(server.view()).text("/").view());
    for (std::size_t i = 0; system.uris && i < system.uris->size(); ++i) candidates.offer((*system.uris)[i]);
}

void offer_images(System& system, Candidates& candidates) {
    for (Image& image : system.images.images()) candidates.offer(image.name());
}

void offer_labels(System& system, Candidates& candidates) {
    LineReader lines(system.engine.text_with_labels());
    while (!lines.at_end()) {
        auto line = lines.next();
        if (!line.ok()) return;
        std::string_view label = label_of(line.value().text);
        if (!label.empty()) candidates.offer(label);
    }
}

void offer_items(System& system, Candidates& candidates) {
    for (auto& dialog : system.dialogs.all())
        for (DialogItem& item : dialog->items)
            if (!item.is_gap()) candidates.offer(item.name.view());
}

void offer_scopes(System& system, Candidates& candidates) {
    for (SettingScope& scope : system.settings.scopes()) candidates.offer(scope.name());
}

void offer_drives(System& system, Candidates& candidates) {
    for (const auto& drive : system.parts.drives.drives()) {
        util::Text<8> number;
        candidates.offer(number.text("0x").hex(drive->number(), 2).view());
    }
    if (!system.parts.drives.find(san::DriveTable::kFirstDrive)) candidates.offer("0x80"sv);
}

template <class Table>
void offer_names(Table& table, Candidates& candidates) {
    for (auto& item : table.all())
        if (!item->name.empty()) candidates.offer(item->name.view());
}

void offer_arguments(System& system, ArgumentKind kind, Candidates& candidates) {
    switch (kind) {
        case ArgumentKind::Setting: return offer_settings(system.settings, candidates.typed(), candidates);
        case ArgumentKind::Label: return offer_labels(system, candidates);
        case ArgumentKind::Item: return offer_items(system, candidates);
        case ArgumentKind::Interface: return offer_interfaces(system, candidates);
        case ArgumentKind::Uri: return offer_uris(system, candidates);
        case ArgumentKind::Image: return offer_images(system, candidates);
        case ArgumentKind::UriOrImage: offer_images(system, candidates); return offer_uris(system, candidates);
        case ArgumentKind::Command: return offer_commands(candidates);
        case ArgumentKind::Menu: return offer_names(system.dialogs, candidates);
        case ArgumentKind::Parameters: return offer_names(system.form_parameters, candidates);
        case ArgumentKind::Scope: return offer_scopes(system, candidates);
        case ArgumentKind::Drive: return offer_drives(system, candidates);
        case ArgumentKind::Configurator: return candidates.offer("dhcp"sv);
        case ArgumentKind::None:
        case ArgumentKind::Text:
        case ArgumentKind::Keyword: return;
    }
}

// The long name of the option in a word that has no value yet, so that the next word is it; empty: there is none.
std::string_view option_without_value(const Command& command, std::string_view word) {
    for (const Option& option : command.options) {
        if (option.kind == OptionKind::Flag) continue;
        bool is_long = word.starts_with("--");
        if (is_long ? word.substr(2) == option.name : option.letter && word.find(option.letter) == word.size() - 1) return option.name;
    }
    return {};
}

// As Invocation::parse() reads it: options stand in front.
void understand_argument(const Command& command, Cursor& cursor) {
    WordReader words(cursor.before);
    std::size_t arguments = 0;
    bool takes_options = true;
    std::string_view option;  // whose value is next
    for (Word word = words.next(); word.kind != WordKind::End; word = words.next()) {
        if (!option.empty()) {
            option = {};
        } else if (takes_options && word.text.starts_with('-')) {
            takes_options = !util::equal(word.text, "--");
            option = option_without_value(command, word.text);
        } else {
            takes_options = false;
            ++arguments;
        }
    }
    std::size_t equals = cursor.typed.find('=');
    if (option.empty() && takes_options && cursor.typed.starts_with("--") && equals != cursor.typed.npos) {
        option = cursor.typed.substr(2, equals - 2);
        cursor.typed.remove_prefix(equals + 1);
    }
    cursor.is_option = option.empty() && takes_options && cursor.typed.starts_with('-');
    cursor.kind = option.empty() ? argument_kind(command, arguments) : option_value_kind(command, option);
}

void understand_by_table(Cursor& cursor) {
    while (util::equal(cursor.command, "time")) {
        WordReader words(cursor.before);
        std::string_view inner = words.next().text;
        if (inner.empty()) break;
        cursor.before.remove_prefix(static_cast<std::size_t>(inner.data() + inner.size() - cursor.before.data()));
        cursor.command = inner;
    }
    const Command* command = find_command(cursor.command);
    if (command) understand_argument(*command, cursor);
}

[[maybe_unused]] void understand_by_name(Cursor& cursor) {
    std::string_view command = cursor.command;
    cursor.is_option = cursor.typed.starts_with('-');
    cursor.kind = ArgumentKind::Interface;
    if (util::equal(command, "help")) cursor.kind = ArgumentKind::Command;
    if (util::equal(command, "set") || util::equal(command, "show") || util::equal(command, "clear") || util::equal(command, "inc"))
        cursor.kind = ArgumentKind::Setting;
}

}  // namespace

void understand(Cursor& cursor) {
    if (cursor.command.empty())
        cursor.kind = ArgumentKind::Command;
    else if constexpr (kKnowsArguments)
        understand_by_table(cursor);
    else
        understand_by_name(cursor);
    std::size_t open = cursor.typed.rfind("${");
    if (open == cursor.typed.npos || cursor.typed.find('}', open) != cursor.typed.npos) return;
    cursor.kind = ArgumentKind::Setting;
    cursor.is_option = false;
    cursor.in_braces = true;
    cursor.typed.remove_prefix(open + 2);
}

void offer_all(System& system, const Cursor& cursor, Candidates& candidates) {
    if (cursor.is_option) return offer_options(cursor.command, candidates);
    if constexpr (kKnowsArguments) return offer_arguments(system, cursor.kind, candidates);
    if (cursor.kind == ArgumentKind::Setting) offer_settings(system.settings, cursor.typed, candidates);
    if (cursor.kind == ArgumentKind::Command) offer_commands(candidates);
    if (cursor.kind == ArgumentKind::Interface) offer_interfaces(system, candidates);
}

void remember_uri(System& system, std::string_view uri) {
    if constexpr (kKnowsArguments) {
        auto parsed = net::Uri::parse(uri);
        if (!parsed.ok() || !parsed.value().user_info().empty()) return;
        if (!system.uris) {
            auto made = util::make_owned<History>();
            if (!made.ok()) return;
            system.uris = made.take();
        }
        if (!was_seen(system, uri)) system.uris->add(uri);
    }
}

}  // namespace scripts
