// The iBFT reader, which believes nothing; and what it accepts can be built again and read back the same.
#include <vector>

#include "san/ibft.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    std::vector<std::byte> table(reinterpret_cast<const std::byte*>(data),
                                 reinterpret_cast<const std::byte*>(data) + size);
    // The checksum is right, or nothing else would ever be looked at.
    if (table.size() > 9) {
        std::uint8_t sum = 0;
        table[9] = std::byte{0};
        for (std::byte b : table) sum = static_cast<std::uint8_t>(sum + std::to_integer<unsigned>(b));
        table[9] = static_cast<std::byte>(-sum);
    }
    san::IbftContents contents;
    if (!san::parse_ibft(table, contents).ok() || contents.target_count == 0) return 0;
    std::vector<std::byte> buffer(65535);
    auto built = san::build_ibft({contents.initiator_name, std::span(contents.nics).first(contents.nic_count),
                                  std::span(contents.targets).first(contents.target_count)},
                                 buffer);
    if (!built.ok()) return 0;  // texts may overlap in the source and not fit one by one
    san::IbftContents again;
    ASSERT(san::parse_ibft(built.value().bytes, again).ok());
    ASSERT(again.nic_count == contents.nic_count && again.target_count == contents.target_count);
    ASSERT(again.initiator_name == contents.initiator_name);
    return 0;
}
