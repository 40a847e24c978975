// ACPI specification 6.5: RSDP 5.2.5, RSDT 5.2.7, FADT 5.2.9, \_S5 7.4.2.6, AML package 20.2.5.4.
#include "arch/bios/acpi.h"

#include <platform/boot.h>

#include <string_view>

#include "arch/bios/machine.h"
#include "arch/bios/tables.h"
#include "util/text.h"

namespace arch {

using namespace std::string_view_literals;

namespace {

constexpr std::size_t kTableHeader = 36, kTableLength = 4;
constexpr std::size_t kDsdtAddress = 40;  // in the FADT

std::uint32_t word(util::Bytes table, std::size_t offset) {
    return offset < table.size() ? util::Reader(table.subspan(offset)).le32() : 0;
}

// A table by its address, checked for its signature. Not checksummed: a wrong sum stops no operating system either.
util::Bytes table_at(std::uint32_t address, std::string_view signature) {
    constexpr std::uint32_t kLargest = 4 << 20;
    if (!address) return {};
    auto* table = physical<const std::byte>(address);
    if (util::as_text({table, 4}) != signature) return {};
    std::uint32_t length = word({table, kTableHeader}, kTableLength);
    if (length < kTableHeader || length > kLargest) return {};
    return {table, length};
}

// The root table: the addresses of the others, behind its header.
util::Bytes find_rsdt() {
    constexpr std::size_t kRsdtAddress = 16;
    std::uint32_t ebda = *physical<std::uint16_t>(0x40e) * 16u;
    util::Bytes rsdp;
    if (ebda) rsdp = find_anchor("RSD PTR "sv, ebda, ebda + 1024, 0);
    if (rsdp.empty()) rsdp = find_anchor("RSD PTR "sv, 0xe0000, 0x100000, 0);
    if (rsdp.empty()) return {};
    return table_at(word(rsdp, kRsdtAddress), "RSDT");
}

// Integer constants, as far as sleep types are written with them.
std::uint8_t aml_byte(util::Reader& reader) {
    constexpr std::uint8_t kBytePrefix = 0x0a;
    std::uint8_t op = reader.u8();
    return op == kBytePrefix ? reader.u8() : op;  // ZeroOp is 0, OneOp is 1
}

// Reads the package behind the name _S5_.
bool read_sleep_types(util::Bytes aml, AcpiSoftOff& result) {
    constexpr std::uint8_t kPackageOp = 0x12;
    util::Reader reader(aml);
    if (reader.u8() != kPackageOp) return false;
    reader.skip(reader.u8() >> 6);  // the rest of PkgLength
    if (reader.u8() < 2) return false;
    result.type_a = aml_byte(reader);
    result.type_b = aml_byte(reader);
    return reader.ok() && result.type_a < 8 && result.type_b < 8;
}

}  // namespace

std::optional<AcpiSoftOff> acpi_soft_off() {
    util::Bytes fadt = platform::acpi_table("FACP"sv, 0);
    util::Bytes dsdt = table_at(word(fadt, kDsdtAddress), "DSDT");
    AcpiSoftOff result{};
    result.smi_command = static_cast<std::uint16_t>(word(fadt, 48));
    result.acpi_enable = static_cast<std::uint8_t>(word(fadt, 52));
    result.pm1a_control = static_cast<std::uint16_t>(word(fadt, 64));
    result.pm1b_control = static_cast<std::uint16_t>(word(fadt, 68));
    if (!result.pm1a_control) return std::nullopt;
    for (std::size_t at = kTableHeader; at + 8 < dsdt.size(); ++at)
        if (word(dsdt, at) == 0x5f35535f && read_sleep_types(dsdt.subspan(at + 4), result)) return result;  // "_S5_"
    return std::nullopt;
}

}  // namespace arch

namespace platform {

// The FADT alone leads to the DSDT.
util::Bytes acpi_table(std::string_view signature, unsigned index) {
    using namespace arch;
    if (util::equal(signature, "DSDT")) return index ? util::Bytes() : table_at(word(acpi_table("FACP"sv, 0), kDsdtAddress), signature);
    util::Bytes rsdt = find_rsdt();
    for (std::size_t at = kTableHeader; at + 4 <= rsdt.size(); at += 4)
        if (util::Bytes table = table_at(word(rsdt, at), signature); !table.empty() && index-- == 0) return table;
    return {};
}

}  // namespace platform
