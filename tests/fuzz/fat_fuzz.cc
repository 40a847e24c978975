// Any bytes as a disk, and as its volume: only blocks of the volume are read, not too many, and what is found has the size that it says.
#include "scripts/autoexec/fat.h"

#include <algorithm>
#include <cstring>

using namespace scripts;

namespace {

class Bytes final : public DiskBlocks {
  public:
    explicit Bytes(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
    // The input again and again: chains lead somewhere.
    bool read(std::uint32_t block, std::span<std::byte, kSize> target) override {
        if (block < 7 || ++reads_ > 20000) __builtin_trap();
        std::size_t from = std::size_t{block - 7} * kSize;
        for (std::size_t i = 0; i < kSize; ++i) target[i] = static_cast<std::byte>(bytes_[(from + i) % bytes_.size()]);
        if (block == 7) std::memcpy(&target[510], "\x55\xaa", 2);
        return true;
    }

  private:
    std::span<const std::uint8_t> bytes_;
    unsigned reads_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    Bytes disk({data, size});
    auto volume = FatVolume::open(disk, 7);
    if (!volume) return 0;
    constexpr std::uint32_t kLargest = 1 << 16;
    auto file = volume->find({"autoexec.ipxe", "AUTOEXECIPX"});
    if (!file.ok() || !file.value()) {
        // Any file would do.
        (void)volume->read({2 + data[size - 1] % 64u, kLargest}, kLargest);
        return 0;
    }
    auto content = volume->read(*file.value(), kLargest);
    if (content.ok() && content.value().size() != file.value()->size) __builtin_trap();
    return 0;
}
