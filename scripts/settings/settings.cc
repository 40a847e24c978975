#include "scripts/settings/settings.h"

#include <algorithm>

#include "scripts/settings/scope_table.h"

namespace scripts {

using namespace std::string_view_literals;

util::Result<SettingReference> SettingReference::parse(std::string_view text) {
    SettingReference reference;
    std::size_t slash = text.find('/');
    if (slash != text.npos) {
        reference.scope = text.substr(0, slash);
        text.remove_prefix(slash + 1);
    }
    std::size_t colon = text.rfind(':');
    if (colon != text.npos) {
        reference.type = parse_setting_type(text.substr(colon + 1));
        if (!reference.type) return kBadSettingType;
        text = text.substr(0, colon);
    }
    if (text.empty()) return kBadSettingName;
    reference.known = find_named_setting(text);
    reference.name = reference.known ? std::string_view(reference.known->name) : text;
    return reference;
}

std::string_view SettingReference::option_number() const {
    if (known) return known->home == SettingHome::Any ? std::string_view(known->number) : std::string_view();
    for (char c : name)
        if ((c < '0' || c > '9') && c != '.') return {};
    return name;
}

StoredSettings::Entry* StoredSettings::find(std::string_view name) {
    for (Entry& entry : entries_)
        if (entry.name.view() == name) return &entry;
    return nullptr;
}

util::Result<void> StoredSettings::set(std::string_view name, SettingType type, std::string_view bytes) {
    if (bytes.size() > Settings::kLongestValue || name.size() > Settings::kLongestValue) return kSettingsFull;
    util::String copy = TRY(util::String::from(bytes));
    Entry* entry = find(name);
    if (!entry) {
        if (entries_.size() >= Settings::kMostValues) return kSettingsFull;
        util::String own_name = TRY(util::String::from(name));
        TRY(entries_.resize(entries_.size() + 1));
        entry = &entries_.back();
        entry->name = std::move(own_name);
    }
    entry->bytes = std::move(copy);
    entry->type = type;
    return {};
}

void StoredSettings::clear(std::string_view name) {
    for (std::size_t i = 0; i < entries_.size(); ++i)
        if (entries_[i].name.view() == name) return entries_.erase(i);
}

static bool is_below(std::string_view name, std::string_view parent) {
    return name.size() > parent.size() && name.starts_with(parent) && name[parent.size()] == '.';
}

std::string_view Settings::parent_of(std::string_view scope) {
    std::size_t dot = scope.rfind('.');
    return dot == scope.npos ? std::string_view() : scope.substr(0, dot);
}

void Settings::prefer(std::string_view interface_name) {
    // Children first, so that the parent ends up in front of them.
    for (SettingScope& scope : scopes_) {
        if (!is_below(scope.name(), interface_name)) continue;
        scope.unlink();
        scopes_.push_front(scope);
    }
    if (SettingScope* scope = find_scope(interface_name)) {
        scope->unlink();
        scopes_.push_front(*scope);
    }
}

std::string_view Settings::preferred() {
    for (SettingScope& scope : scopes_)
        if (scope.is_interface()) return scope.name();
    return {};
}

SettingScope* Settings::find_scope(std::string_view name) {
    util::Text<32> full;
    if (util::equal(name, "netX") || name.starts_with("netX.")) {
        std::string_view interface = preferred();
        name = full.text(interface).text(name.substr(4)).view();
    } else if (util::equal(name, "dhcp")) {
        name = full.text(preferred()).text(".dhcp").view();
    }
    for (SettingScope& scope : scopes_)
        if (scope.name() == name) return &scope;
    return nullptr;
}

util::Result<bool> Settings::fetch_stored(StoredSettings& store, const SettingReference& reference,
                                          SettingValue& value) {
    const StoredSettings::Entry* entry = store.find(reference.name);
    if (!entry) return false;
    TRY(value.bytes.append(entry->bytes.view()));
    value.type = entry->type;
    return true;
}

util::Result<bool> Settings::fetch_below(SettingScope& scope, const SettingReference& reference,
                                         SettingValue& value) {
    if (TRY(fetch_stored(scope.stored(), reference, value)) || TRY(scope.fetch(reference, value))) {
        value.scope.text(scope.name());
        return true;
    }
    return fetch_among(scope.name(), reference, value);
}

// Where priorities do not act all scopes have the same.
int Settings::priority_of(SettingScope& scope) {
    if (!has_rare_settings()) return 0;
    SettingValue value;
    value.type = SettingType::Int8;
    auto reference = SettingReference::parse("priority"sv);
    if (!reference.ok()) return 0;
    auto found = fetch_below(scope, reference.value(), value);
    if (!found.ok() || !found.value()) return 0;
    return static_cast<int>(std::clamp<std::int64_t>(setting_number(value.type, value.bytes.view()).value_or(0), INT8_MIN, INT8_MAX));
}

bool Settings::next_priority(std::string_view parent, int& priority) {
    if (!has_rare_settings()) return std::exchange(priority, 0) != 0;
    std::optional<int> next;
    for (SettingScope& scope : scopes_) {
        if (parent_of(scope.name()) != parent) continue;
        int found = priority_of(scope);
        if (found < priority && (!next || found > *next)) next = found;
    }
    priority = next.value_or(0);
    return next.has_value();
}

util::Result<bool> Settings::fetch_among(std::string_view parent, const SettingReference& reference, SettingValue& value) {
    int priority = kAbovePriorities;
    while (next_priority(parent, priority))
        for (SettingScope& scope : scopes_)
            if (parent_of(scope.name()) == parent && priority_of(scope) == priority && TRY(fetch_below(scope, reference, value)))
                return true;
    return false;
}

util::Result<bool> Settings::fetch(const SettingReference& reference, SettingValue& value) {
    value.bytes.clear();
    value.scope.clear();
    value.type = reference.known ? reference.known->type : SettingType::String;
    bool found = false;
    if (!reference.scope.empty()) {
        if (SettingScope* scope = find_scope(reference.scope)) {
            found = TRY(fetch_below(*scope, reference, value));
        } else if (const ScopeRow* row = find_scope_row(reference.scope); row && system_) {
            found = TRY(row->fetch(*system_, reference, value));
            value.scope.text(row->name);
        }
    } else {
        found = TRY(fetch_stored(root_, reference, value)) || TRY(fetch_among({}, reference, value));
    }
    if (reference.type) value.type = *reference.type;
    return found;
}

util::Result<bool> Settings::fetch(std::string_view name, SettingValue& value) {
    return fetch(TRY(SettingReference::parse(name)), value);
}

util::Result<StoredSettings*> Settings::store_for(const SettingReference& reference, SettingScope*& scope) {
    scope = nullptr;
    if (reference.scope.empty()) return &root_;
    scope = find_scope(reference.scope);
    if (!scope) return kNoSuchScope;
    return &scope->stored();
}

util::Result<void> Settings::set(const SettingReference& reference, std::string_view text) {
    if (text.empty()) return clear(reference);
    SettingType type = reference.stored_type();
    util::String bytes;
    TRY(parse_setting(type, text, bytes));
    return set_bytes(reference, type, bytes.view());
}

util::Result<void> Settings::set(std::string_view name, std::string_view text) { return set(TRY(SettingReference::parse(name)), text); }

util::Result<void> Settings::set_bytes(const SettingReference& reference, SettingType type,
                                       std::string_view bytes) {
    SettingScope* scope;
    if (!reference.scope.empty() && !find_scope(reference.scope)) TRY(make_scope(*this, reference.scope));
    TRY(TRY(store_for(reference, scope))->set(reference.name, type, bytes));
    if (scope) TRY(scope->changed(reference));
    return {};
}

util::Result<void> Settings::clear(const SettingReference& reference) {
    SettingScope* scope;
    TRY(store_for(reference, scope))->clear(reference.name);
    if (scope) TRY(scope->changed(reference));
    return {};
}

util::Result<bool> Settings::append_text(std::string_view name, util::String& text) {
    auto reference = SettingReference::parse(name);
    if (!reference.ok()) return false;
    SettingValue value;
    if (!TRY(fetch(reference.value(), value))) return false;
    TRY(format_setting(value.type, value.bytes.view(), text));
    return true;
}

util::String Settings::text(std::string_view name) {
    util::String text;
    auto found = append_text(name, text);
    if (!found.ok()) text.clear();
    return text;
}

std::int64_t Settings::number(std::string_view name, std::int64_t unset) {
    SettingValue value;
    auto found = fetch(name, value);
    if (!found.ok() || !found.value()) return unset;
    return setting_number(value.type, value.bytes.view()).value_or(unset);
}

net::Ipv4Address Settings::address(std::string_view name, std::size_t index) {
    net::Ipv4Address address;
    SettingValue value;
    auto found = fetch(name, value);
    std::size_t at = index * sizeof address;
    if (found.ok() && value.bytes.size() >= at + sizeof address) std::memcpy(&address, value.bytes.view().data() + at, sizeof address);
    return address;
}

void Settings::put(std::string_view name, std::string_view text) { (void)set(name, text); }

}  // namespace scripts
