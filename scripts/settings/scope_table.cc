// The table of computed scopes.
#include "scripts/settings/scope_table.h"

#include "embed/select_rows.h"
#include "scripts/settings/settings.h"
#include "util/text.h"

namespace scripts {

namespace {

constexpr ScopeRow kScopes[] = {
    {"acpi", fetch_acpi, "<signature>.<index>.<offset>.<length>: from an ACPI table; length 0 is all the rest"},
    {"cpuid", fetch_cpuid, "<register>.<leaf> or <subfunction>.0x40.<register>.<leaf>: what CPUID answers; registers are 0 EAX, 1 EBX, 2 ECX, 3 EDX"},
    {"features", fetch_features, "<name>: set when this image has that feature, command, URI scheme, image format or driver"},
    {"memmap", fetch_memmap, "<region>.<what>.<shift>: RAM; what is 1 for the start, 2 the length, 3 the end"},
    {"pci", fetch_pci, "<location>.<offset>.<length>: from PCI configuration space"},
};

// Scopes that are part of a feature.
constexpr embed::Belongs kOptional[] = {{"acpi", "settings"}, {"cpuid", "settings"}, {"memmap", "settings"}, {"pci", "settings"}};
constexpr auto kSelected = embed::without_help(embed::select_rows<kScopes, kOptional>());

struct ScopeName {
    util::Text<20> text;
};

// What scripts make by setting something in it.
class NamedScope final : private ScopeName, public SettingScope {
  public:
    explicit NamedScope(std::string_view name) : SettingScope(text.text(name).view()) {}
    util::Result<bool> fetch(const SettingReference&, SettingValue&) override { return false; }
};

}  // namespace

util::Result<void> make_scope(Settings& settings, std::string_view name) {
    if constexpr (embed::has_feature(embed::kSelection, "settings")) {
        bool usable = name.size() <= 20 && !name.starts_with("netX") && !util::equal(name, "dhcp") && !find_scope_row(name);
        if (usable) return settings.adopt(TRY(util::make_owned<NamedScope>(name)));
    }
    return kNoSuchScope;
}

std::span<const ScopeRow> scope_rows() { return kSelected; }

const ScopeRow* find_scope_row(std::string_view name) {
    for (const ScopeRow& row : kSelected)
        if (util::equal(name, row.name)) return &row;
    return nullptr;
}

}  // namespace scripts
