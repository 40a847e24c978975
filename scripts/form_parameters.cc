#include "scripts/form_parameters.h"

#include "scripts/settings/setting_type.h"

namespace scripts {

util::Result<void> FormParameters::add_field(std::string_view key, std::string_view value) {
    constexpr std::size_t kEscaped = 3;  // bytes that a character takes at most
    if (key.size() + value.size() > (kLongest - form.size()) / kEscaped) return kParametersFull;
    if (!form.empty()) TRY(form.push('&'));
    TRY(format_setting(SettingType::UriString, key, form));
    TRY(form.push('='));
    return format_setting(SettingType::UriString, value, form);
}

static bool is_header_text(std::string_view text) { return text.find_first_of(std::string_view("\r\n\0", 3)) == text.npos; }

util::Result<void> FormParameters::add_header(std::string_view key, std::string_view value) {
    if (key.empty() || key.find(':') != key.npos || !is_header_text(key) || !is_header_text(value)) return kBadParameter;
    if (key.size() + value.size() > kLongest - headers.size()) return kParametersFull;
    for (std::string_view piece : {key, std::string_view(": "), value, std::string_view("\r\n")}) TRY(headers.append(piece));
    return {};
}

}  // namespace scripts
