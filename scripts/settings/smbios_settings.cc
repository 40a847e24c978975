#include "scripts/settings/smbios_settings.h"

#include <array>

#include "scripts/settings/numbers.h"
#include "scripts/settings/setting_formats.h"

namespace scripts {

namespace {

constexpr std::uint8_t kEndOfTable = 127;
// System information, UUID.
constexpr std::uint32_t kSystemInformation = 1, kUuidOffset = 8, kUuidLength = 16;

struct Structure {
    util::Bytes formatted;  // header and fields
    util::Bytes strings;    // NUL-terminated one after another
};

// The structure at the start of the table, and past it; nothing when the table is cut off.
std::optional<Structure> take_structure(util::Bytes& table) {
    if (table.size() < 4) return std::nullopt;
    auto length = std::to_integer<std::size_t>(table[1]);
    if (length < 4 || length > table.size()) return std::nullopt;
    Structure structure{table.first(length), table.subspan(length)};
    // The string set ends with an empty string; with no strings at all it is two NULs.
    std::string_view rest = util::as_text(structure.strings);
    std::size_t end = rest.find(std::string_view("\0\0", 2));
    if (end == rest.npos) return std::nullopt;
    structure.strings = structure.strings.first(end + 1);
    table = table.subspan(length + end + 2);
    return structure;
}

std::string_view string_of(const Structure& structure, unsigned number) {
    std::string_view strings = util::as_text(structure.strings);
    for (; number && !strings.empty(); --number) {
        std::size_t end = strings.find('\0');
        std::string_view string = strings.substr(0, end);
        if (number == 1) return util::trim(string);
        strings.remove_prefix(end == strings.npos ? strings.size() : end + 1);
    }
    return {};
}

util::Result<bool> fetch_field(const Structure& structure, std::uint32_t offset, std::uint32_t length,
                               util::String& bytes) {
    std::string_view fields = util::as_text(structure.formatted);
    if (offset >= fields.size()) return false;
    if (length == 0) {
        std::string_view string = string_of(structure, static_cast<std::uint8_t>(fields[offset]));
        TRY(bytes.append(string));
        return !string.empty();
    }
    if (length > fields.size() - offset) return false;
    TRY(bytes.append(fields.substr(offset, length)));
    return true;
}

// All zeros or all ones: the board maker never set it (DSP0134 section 7.2.1).
bool is_unset_uuid(std::string_view uuid) {
    return uuid.find_first_not_of('\0') == uuid.npos || uuid.find_first_not_of('\xff') == uuid.npos;
}

}  // namespace

util::Result<bool> SmbiosScope::fetch(const SettingReference& reference, SettingValue& value) {
    bool named = reference.known && reference.known->home == SettingHome::Smbios;
    if (!named && reference.scope != name()) return false;
    // instance.type.offset.length, of which the first may be left out
    std::uint32_t numbers[4] = {};
    std::string_view text = named ? reference.known->number : reference.name;
    std::size_t count = parse_numbers(text, numbers);
    if (count < 3) return false;
    std::uint32_t instance = count == 4 ? numbers[0] : 0;
    auto [wanted, offset, length] = std::array{numbers[count - 3], numbers[count - 2], numbers[count - 1]};
    util::Bytes table = table_;
    while (auto structure = take_structure(table)) {
        auto type = std::to_integer<std::uint8_t>(structure->formatted[0]);
        if (type == wanted && instance-- == 0) {
            if (!TRY(fetch_field(*structure, offset, length, value.bytes))) return false;
            if (!named && length) value.type = SettingType::Hex;
            bool is_uuid = type == kSystemInformation && offset == kUuidOffset && length == kUuidLength;
            if (is_uuid && is_unset_uuid(value.bytes.view())) {
                value.bytes.clear();
                return false;
            }
            if (is_uuid) swap_guid(std::as_writable_bytes(value.bytes.chars().span()));
            return true;
        }
        if (type == kEndOfTable) break;
    }
    return false;
}

}  // namespace scripts
