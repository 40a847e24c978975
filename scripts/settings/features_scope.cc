// "${features/NAME}": what this image has, so that a script can ask before it uses it.
#include "embed/select_rows.h"
#include "net/fetch/scheme.h"
#include "scripts/images/format.h"
#include "scripts/san_schemes.h"
#include "scripts/settings/scope_table.h"
#include "scripts/system.h"

namespace scripts {

namespace {

constexpr auto kHas = [] {
    constexpr auto has = [](const embed::Feature& feature) { return embed::has_feature(embed::kSelection, feature.name); };
    std::array<std::string_view, std::ranges::count_if(embed::kFeatures, has)> names;
    std::size_t count = 0;
    for (const embed::Feature& feature : embed::kFeatures)
        if (has(feature)) names[count++] = feature.name;
    return names;
}();

// What a name is in this image; null: nothing.
const char* find_kind(System& system, std::string_view name) {
    // What a small image has nobody asks for drivers and formats.
    constexpr bool kAll = embed::has_feature(embed::kSelection, "settings");
    if (std::ranges::find(kHas, name) != kHas.end()) return "feature";
    if (find_command(name)) return "command";
    for (const net::Scheme& scheme : net::schemes())
        if (scheme.name == name) return "scheme";
    util::Text<32> uri;
    if (find_san_scheme(uri.text(name).character(':').view())) return "scheme";
    for (const ImageFormat& format : image_formats())
        if (kAll && util::equal_ignoring_case(name, format.name)) return "format";
    return kAll && system.parts.has_driver && system.parts.has_driver(name) ? "driver" : nullptr;
}

}  // namespace

util::Result<bool> fetch_features(System& system, const SettingReference& reference, SettingValue& value) {
    const char* kind = find_kind(system, reference.name);
    if (!kind) return false;
    TRY(value.bytes.append(kind));
    value.type = SettingType::String;
    return true;
}

}  // namespace scripts
