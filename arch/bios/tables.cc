// Tables that the BIOS leaves in memory: SMBIOS, and our own iBFT.
#include <platform/boot.h>

#include <cstring>

#include "arch/bios/machine.h"
#include "arch/stage/packed.h"
#include "arch/bios/tables.h"

namespace arch {

util::Bytes find_anchor(std::string_view anchor, std::uint32_t from, std::uint32_t end, std::size_t length_offset) {
    for (std::uint32_t at = from; at < end; at += 16) {
        auto* candidate = physical<const std::byte>(at);
        if (std::memcmp(candidate, anchor.data(), anchor.size()) != 0) continue;
        std::size_t length = length_offset ? std::to_integer<std::size_t>(candidate[length_offset]) : kRsdpSize;
        unsigned sum = 0;
        for (std::size_t i = 0; i < length; ++i) sum += std::to_integer<unsigned>(candidate[i]);
        if (length > anchor.size() && (sum & 0xff) == 0) return {candidate, length};
    }
    return {};
}

}  // namespace arch

namespace platform {

using namespace std::string_view_literals;

// SMBIOS Reference Specification 3.7 section 5.2: entry points.
util::Bytes smbios_table() {
    using arch::physical;
    constexpr std::uint32_t kFrom = 0xf0000, kEnd = 0x100000;
    util::Bytes entry = arch::find_anchor("_SM_"sv, kFrom, kEnd, 5);
    if (entry.size() >= 0x1f) {
        util::Reader reader(entry.subspan(0x16));
        std::uint16_t size = reader.le16();
        return {physical<const std::byte>(reader.le32()), size};
    }
    entry = arch::find_anchor("_SM3_"sv, kFrom, kEnd, 6);
    if (entry.size() >= 0x18) {
        util::Reader reader(entry.subspan(0x0c));
        std::uint32_t size = reader.le32();
        std::uint64_t address = reader.le64();
        if (!(address >> 32)) return {physical<const std::byte>(static_cast<std::uint32_t>(address)), size};
    }
    return {};
}

util::Result<void> publish_ibft(util::Bytes table) {
    arch::Resident& block = arch::resident();
    if (table.size() > sizeof block.ibft) return util::kTooLong;
    std::memset(block.ibft, 0, sizeof block.ibft);
    if (!table.empty()) std::memcpy(block.ibft, table.data(), table.size());
    return {};
}

// Every format carries the packed image as it is, on a word boundary.
bool is_running_image(util::Bytes file) {
    for (; file.size() >= sizeof(arch::PackedHeader); file = file.subspan(4)) {
        const auto* header = reinterpret_cast<const arch::PackedHeader*>(file.data());
        if (header->magic == arch::kPackedMagic && header->checksum == arch::resident().image_checksum) return true;
    }
    return false;
}

std::optional<std::uint16_t> boot_device() {
    std::uint16_t device = arch::resident().boot_device;
    if (device == arch::kNoPciDevice) return std::nullopt;
    return device;
}

}  // namespace platform
