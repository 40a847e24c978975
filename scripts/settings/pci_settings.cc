#include "scripts/settings/pci_settings.h"

#include "scripts/settings/smbios_settings.h"

namespace scripts {

util::Result<bool> PciScope::fetch(const SettingReference& reference, SettingValue& value) {
    constexpr std::uint32_t kSpace = 256;
    std::uint32_t numbers[3];
    if (!read_ || reference.scope != name() || !parse_numbers(reference.name, numbers)) return false;
    auto [location, offset, length] = numbers;
    if (location > 0xffff || offset >= kSpace || length == 0 || length > kSpace - offset) return false;
    // Registers are little-endian, and are shown as numbers: the vendor id of Intel as 8086. More is a dump.
    bool is_register = length <= 4;
    value.type = SettingType::HexRaw;
    for (std::uint32_t i = 0; i < length; ++i) {
        std::uint32_t at = is_register ? offset + length - 1 - i : offset + i;
        TRY(value.bytes.push(
            static_cast<char>(read_(static_cast<std::uint16_t>(location), static_cast<std::uint8_t>(at)))));
    }
    return true;
}

}  // namespace scripts
