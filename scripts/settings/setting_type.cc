#include "scripts/settings/setting_type.h"

#include "scripts/settings/setting_formats.h"
#include "util/text.h"

namespace scripts {

namespace {

// The first row, text, stands for a type that this image lacks.
const SettingTypeRow& row_of(SettingType type) {
    for (const SettingTypeRow& row : setting_types())
        if (row.type == type) return row;
    return setting_types()[0];
}

}  // namespace

std::optional<SettingType> parse_setting_type(std::string_view name) {
    for (const SettingTypeRow& row : setting_types())
        if (util::equal(name, row.name)) return row.type;
    return std::nullopt;
}

std::string_view to_text(SettingType type) { return row_of(type).name; }

util::Result<void> format_setting(SettingType type, std::string_view bytes, util::String& text) {
    return row_of(type).format(type, bytes, text);
}

util::Result<void> parse_setting(SettingType type, std::string_view text, util::String& bytes) {
    return row_of(type).parse(type, text, bytes);
}

std::optional<std::int64_t> setting_number(SettingType type, std::string_view bytes) {
    if (type == SettingType::String || type == SettingType::UriString) return parse_signed_number(util::trim(bytes));
    if (bytes.empty() || bytes.size() > 4) return std::nullopt;
    std::uint32_t value = 0;
    for (char c : bytes) value = value << 8 | static_cast<std::uint8_t>(c);
    if (!is_signed(type)) return value;
    unsigned unused = 32 - 8 * static_cast<unsigned>(bytes.size());
    return static_cast<std::int32_t>(value << unused) >> unused;
}

}  // namespace scripts
