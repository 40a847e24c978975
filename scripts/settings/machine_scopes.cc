// What the machine tells of itself, behind rows of scope_table.cc. The forms of the names are those of the established firmware.
#include <platform/boot.h>
#include <platform/cpu.h>
#include <platform/memory.h>

#include "scripts/settings/numbers.h"
#include "scripts/settings/scope_table.h"
#include "scripts/system.h"

namespace scripts {

namespace {

bool is_text(const SettingReference& reference) {
    return reference.type == SettingType::String || reference.type == SettingType::UriString;
}
bool is_number(const SettingReference& reference) {
    return reference.type && *reference.type >= SettingType::Int8 && *reference.type <= SettingType::Uint32;
}

// Little-endian bytes, as numbers in memory are, in network order.
util::Result<bool> take_reversed(util::Bytes bytes, SettingValue& value) {
    for (std::size_t i = bytes.size(); i-- > 0;) TRY(value.bytes.push(static_cast<char>(bytes[i])));
    return !bytes.empty();
}
util::Result<bool> take(util::Bytes bytes, SettingValue& value) {
    TRY(value.bytes.append(util::as_text(bytes)));
    return !bytes.empty();
}

}  // namespace

// Registers are little-endian, and are shown as numbers: the vendor id of Intel as 8086.
util::Result<bool> fetch_pci(System& system, const SettingReference& reference, SettingValue& value) {
    constexpr std::uint32_t kSpace = 256;
    std::uint32_t numbers[3];
    auto read = system.parts.read_pci;
    if (!read || parse_numbers(reference.name, numbers) != std::size(numbers)) return false;
    auto [location, offset, length] = numbers;
    if (location > 0xffff || offset >= kSpace || length == 0 || length > kSpace - offset) return false;
    value.type = SettingType::HexRaw;
    for (std::uint32_t at = offset + length; at-- > offset;)
        TRY(value.bytes.push(static_cast<char>(read(static_cast<std::uint16_t>(location), static_cast<std::uint8_t>(at)))));
    return true;
}

// A register is a number, but as text its bytes are in memory's order. "<register>.<leaf>", or where a leaf has several answers
// "<subfunction>.0x40.<register>.<leaf>", as the public reference has it.
util::Result<bool> fetch_cpuid(System&, const SettingReference& reference, SettingValue& value) {
    constexpr std::uint32_t kHasSubfunction = 0x40;
    std::uint32_t numbers[4];
    std::size_t count = parse_numbers(reference.name, numbers);
    bool has_subfunction = count == 4 && numbers[1] == kHasSubfunction;
    if (count != 2 && !has_subfunction) return false;
    std::uint32_t which = numbers[count - 2];
    if (which > 3) return false;
    platform::CpuidLeaf leaf = platform::cpuid(numbers[count - 1], has_subfunction ? numbers[0] : 0);
    std::uint32_t registers[] = {leaf.eax, leaf.ebx, leaf.ecx, leaf.edx};
    if (!(leaf.eax | leaf.ebx | leaf.ecx | leaf.edx)) return false;
    value.type = SettingType::HexRaw;
    util::Le32 bytes(registers[which]);
    auto memory = std::as_bytes(std::span(&bytes, 1));
    return is_text(reference) ? take(memory, value) : take_reversed(memory, value);
}

util::Result<bool> fetch_memmap(System&, const SettingReference& reference, SettingValue& value) {
    constexpr std::uint32_t kStart = 1, kLength = 2;
    std::uint32_t numbers[3];
    if (parse_numbers(reference.name, numbers) != std::size(numbers)) return false;
    auto [region, what, shift] = numbers;
    if (what == 0 || what > (kStart | kLength) || shift > 63) return false;
    for (const platform::MemoryRange& range : platform::memory_map()) {
        if (range.type != platform::kRam || region-- > 0) continue;
        std::uint64_t number = what & kStart ? std::uint64_t{range.base} : 0;
        if (what & kLength) number += range.length;
        number >>= shift;
        value.type = number > UINT32_MAX ? SettingType::HexRaw : SettingType::Uint32;
        util::Be64 bytes(number);
        auto all = std::as_bytes(std::span(&bytes, 1));
        return take(number > UINT32_MAX ? all : all.subspan(4), value);
    }
    return false;
}

// The signature as its four letters, or as they are as a big-endian number. Numbers in tables are little-endian.
util::Result<bool> fetch_acpi(System&, const SettingReference& reference, SettingValue& value) {
    auto split = util::split_first(reference.name, '.');
    util::Be32 signature;
    std::string_view letters = split.before;
    if (auto number = util::parse_integer(letters)) {
        signature = static_cast<std::uint32_t>(*number);
        letters = util::as_text(std::as_bytes(std::span(&signature, 1)));
    }
    std::uint32_t numbers[3];
    if (letters.size() != sizeof signature || parse_numbers(split.after, numbers) != std::size(numbers)) return false;
    auto [index, offset, length] = numbers;
    util::Bytes table = platform::acpi_table(letters, index);
    if (offset >= table.size()) return false;
    table = table.subspan(offset);
    if (length > table.size()) return false;
    if (length) table = table.first(length);
    value.type = SettingType::HexRaw;
    return is_number(reference) ? take_reversed(table, value) : take(table, value);
}

}  // namespace scripts
