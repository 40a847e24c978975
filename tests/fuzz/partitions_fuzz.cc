// Any bytes as a disk: not too many blocks are read for its partitions, and there are not too many.
#include "scripts/autoexec/partitions.h"

#include <cstring>

using namespace scripts;

namespace {

class Bytes final : public DiskBlocks {
  public:
    explicit Bytes(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
    // The input again and again, each block with what makes it a table.
    bool read(std::uint32_t block, std::span<std::byte, kSize> target) override {
        if (++reads_ > 1000) __builtin_trap();
        std::size_t from = std::size_t{block} * kSize;
        for (std::size_t i = 0; i < kSize; ++i) target[i] = static_cast<std::byte>(bytes_[(from + i) % bytes_.size()]);
        std::memcpy(&target[510], "\x55\xaa", 2);
        if (block == 1) std::memcpy(&target[0], "EFI PART", 8);
        return block % 64 != 63;
    }

  private:
    std::span<const std::uint8_t> bytes_;
    unsigned reads_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    Bytes disk({data, size});
    auto found = find_partitions(disk);
    if (!found.ok() || found.value().size() > 4 + 4 * 64 + 128) __builtin_trap();
    return 0;
}
