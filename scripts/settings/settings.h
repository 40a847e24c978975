// The settings tree: scopes (typed in, each interface, its DHCP lease, SMBIOS, ...) and the look-up through
// them.
//
// "${name}" asks the typed-in settings first, then every scope in order of precedence; "${net0/name}" asks
// net0 and the scopes below it ("net0.dhcp"). The interface used last is first in precedence and is also
// called "netX". Scopes beside one another are asked by their `priority`, equals in the order of the list. Scopes are owned by whoever makes them (scripts/system.h); the tree only links them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "net/address.h"
#include "scripts/settings/setting_table.h"
#include "util/list.h"
#include "util/owned.h"
#include "util/text.h"
#include "util/vector.h"

namespace scripts {

class System;

inline constexpr util::Failure kBadSettingName{util::code::kScript + 3, "not a setting's name"};
inline constexpr util::Failure kNoSuchScope{util::code::kScript + 4, "there is no such settings scope"};
inline constexpr util::Failure kSettingsFull{util::code::kScript + 5, "too many or too long settings"};
inline constexpr util::Failure kNotNumber{util::code::kScript + 6, "it is not a number"};

// "net0.dhcp/ip:ipv4" taken apart. Views into the text it was parsed from.
struct SettingReference {
    std::string_view scope;  // "" for the root
    std::string_view name;   // the table's name when it is known there ("17" becomes "root-path")
    const NamedSetting* known = nullptr;
    std::optional<SettingType> type;  // as written

    // Failure: kBadSettingName, kBadSettingType.
    static util::Result<SettingReference> parse(std::string_view text);
    // The DHCP option number, as in "17" or "175.8"; empty when it has none.
    std::string_view option_number() const;
    // Of a value that is set by this name.
    SettingType stored_type() const { return type ? *type : known ? known->type : SettingType::String; }
};

struct SettingValue {
    util::String bytes;
    SettingType type = SettingType::String;
    util::Text<20> scope;  // where it was found; empty: typed in
};

// Settings that were typed in, of one scope.
class StoredSettings {
  public:
    struct Entry {
        util::String name;
        util::String bytes;
        SettingType type;
    };
    Entry* find(std::string_view name);  // null: it has none
    util::Result<void> set(std::string_view name, SettingType type, std::string_view bytes);
    void clear(std::string_view name);
    void clear_all() { entries_.clear(); }
    std::span<const Entry> entries() const { return entries_.span(); }

  private:
    util::Vector<Entry> entries_;
};

class SettingScope : public util::ListNode<SettingScope> {
  public:
    // The name must outlive the scope: "net0", "net0.dhcp".
    explicit SettingScope(std::string_view name) : name_(name) {}
    virtual ~SettingScope() = default;
    std::string_view name() const { return name_; }
    virtual bool is_interface() const { return false; }

    // A live value, into an empty value.bytes. False: this scope has none of that name. Failure: out of
    // memory.
    virtual util::Result<bool> fetch(const SettingReference& reference, SettingValue& value) = 0;
    // Something was set or cleared in stored().
    virtual util::Result<void> changed(const SettingReference&) { return {}; }
    StoredSettings& stored() { return stored_; }

  private:
    std::string_view name_;
    StoredSettings stored_;
};

class Settings {
  public:
    // Longest value and most values that can be set, in bytes and pieces: hostile scripts must not eat the
    // heap.
    static constexpr std::size_t kLongestValue = 4096;
    static constexpr std::size_t kMostValues = 1024;
    static constexpr std::size_t kMostScopes = 64;  // made by setting something in them

    // Null: without computed scopes (scope_table.h).
    explicit Settings(System* system = nullptr) : system_(system) {}
    Settings(const Settings&) = delete;

    void add(SettingScope& scope) { scopes_.push_back(scope); }
    // One that scripts made. Failure: kSettingsFull, out of memory.
    util::Result<void> adopt(util::Owned<SettingScope> scope) {
        if (made_.size() == kMostScopes) return kSettingsFull;
        add(*scope);
        return made_.push(std::move(scope));
    }
    // Gives an interface's scope, and those below it, the highest precedence: it is netX now.
    void prefer(std::string_view interface_name);
    // The name of the interface that is netX; empty when there is none.
    std::string_view preferred();
    SettingScope* find_scope(std::string_view name);
    util::List<SettingScope>& scopes() { return scopes_; }
    StoredSettings& root() { return root_; }

    // How the tree is looked through ("config", "show <scope>/"). A scope is meant by its full name, "" is the root.
    // see(SettingScope&): each scope directly below that one, in order of precedence.
    template <class See>
    void each_scope_below(std::string_view parent, See see) {
        int priority = kAbovePriorities;
        while (next_priority(parent, priority))
            for (SettingScope& scope : scopes_)
                if (parent_of(scope.name()) == parent && priority_of(scope) == priority) see(scope);
    }
    // see(const SettingReference&, const SettingValue&), which gives a Result<void>: each setting that has a value there or below,
    // the table's first, then what else was typed in. Failure: out of memory, or what see() fails with.
    template <class See>
    util::Result<void> each_setting(std::string_view scope, See see) {
        SettingValue value;
        auto look = [&](const SettingReference& reference) -> util::Result<void> {
            if (TRY(fetch(reference, value))) TRY(see(reference, value));
            return {};
        };
        for (const NamedSetting& setting : named_settings()) TRY(look({scope, setting.name, &setting, {}}));
        SettingScope* found = scope.empty() ? nullptr : find_scope(scope);
        for (const auto& entry : (found ? found->stored() : root_).entries())
            if (!find_named_setting(entry.name.view())) TRY(look({scope, entry.name.view(), nullptr, {}}));
        return {};
    }

    // False: not set. Failure: out of memory.
    util::Result<bool> fetch(const SettingReference& reference, SettingValue& value);
    util::Result<bool> fetch(std::string_view name, SettingValue& value);
    // Makes the scope when there is none of that name (scope_table.h). Failure: kNoSuchScope, kBadSettingValue, kSettingsFull, or the live
    // object's own.
    util::Result<void> set(const SettingReference& reference, std::string_view text);
    util::Result<void> set(std::string_view name, std::string_view text);
    util::Result<void> set_bytes(const SettingReference& reference, SettingType type, std::string_view bytes);
    util::Result<void> clear(const SettingReference& reference);

    // For the firmware's own use: by a good name, false when unset. Text as "${name}" would show it.
    util::Result<bool> append_text(std::string_view name, util::String& text);
    // The value as text, empty when unset or out of memory.
    util::String text(std::string_view name);
    // A number, or the default when it is unset or none.
    std::int64_t number(std::string_view name, std::int64_t unset);
    // One of its addresses, 0.0.0.0 when it has fewer.
    net::Ipv4Address address(std::string_view name, std::size_t index = 0);
    // Sets a root setting; what does not fit is not set.
    void put(std::string_view name, std::string_view text);

  private:
    static constexpr int kAbovePriorities = INT8_MAX + 1;

    static std::string_view parent_of(std::string_view scope);
    // What `priority` says in a scope or below it; 0 when nothing does.
    int priority_of(SettingScope& scope);
    // Goes down to the next priority that scopes directly below this one have. False: there is none.
    bool next_priority(std::string_view parent, int& priority);
    util::Result<bool> fetch_among(std::string_view parent, const SettingReference& reference, SettingValue& value);
    util::Result<bool> fetch_below(SettingScope& scope, const SettingReference& reference,
                                   SettingValue& value);
    static util::Result<bool> fetch_stored(StoredSettings& store, const SettingReference& reference,
                                           SettingValue& value);
    util::Result<StoredSettings*> store_for(const SettingReference& reference, SettingScope*& scope);
    System* system_;
    StoredSettings root_;
    util::List<SettingScope> scopes_;
    util::Vector<util::Owned<SettingScope>> made_;
};

}  // namespace scripts
