// Setting names and values of every type, from any bytes; SMBIOS and ACPI tables; and scopes whose values are worked out from their names.
#include <cstdint>
#include <string_view>

#include "scripts/settings/smbios_settings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace scripts;
    std::string_view input(reinterpret_cast<const char*>(data), size);
    auto split = util::split_first(input, '\n');
    for (unsigned i = 0; i <= static_cast<unsigned>(SettingType::DnsSearchList); ++i) {
        auto type = static_cast<SettingType>(i);
        util::String text, bytes;
        (void)format_setting(type, split.after, text);
        (void)setting_number(type, split.after);
        if (!parse_setting(type, split.after, bytes).ok()) continue;
        // What was read can be shown.
        util::String shown;
        ASSERT(format_setting(type, bytes.view(), shown).ok());
    }
    SmbiosScope smbios(util::as_bytes(split.after));
    Settings settings;
    settings.add(smbios);
    for (const char* name : {"manufacturer", "uuid", "smbios/3.8.0", "smbios/1.8.16"})
        (void)settings.text(name);
    (void)settings.text(split.before);
    settings.put(split.before, split.after);
    (void)settings.text(split.before);
    return 0;
}
