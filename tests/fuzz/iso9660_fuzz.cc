// Any bytes as a CD: only blocks of it are read, not too many, and what is found has the size that it says.
#include "scripts/autoexec/iso9660.h"

#include <cstring>

using namespace scripts;

namespace {

class Bytes final : public DiskBlocks {
  public:
    explicit Bytes(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
    // The input again and again, as descriptors and as directories.
    bool read(std::uint32_t block, std::span<std::byte, kSize> target) override {
        if (++reads_ > 20000) __builtin_trap();
        std::size_t from = std::size_t{block} * kSize;
        for (std::size_t i = 0; i < kSize; ++i) target[i] = static_cast<std::byte>(bytes_[(from + i) % bytes_.size()]);
        if (block == 64) {
            std::memcpy(&target[0], "\1CD001", 6);
            target[128] = std::byte{0};
            target[129] = std::byte{8};
        }
        return block % 1024 != 1023;
    }

  private:
    std::span<const std::uint8_t> bytes_;
    unsigned reads_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    Bytes disk({data, size});
    auto volume = IsoVolume::open(disk);
    if (!volume) return 0;
    constexpr std::uint32_t kLargest = 1 << 16;
    auto file = volume->find({"autoexec.ipxe", "autoexec.ipx"});
    if (!file.ok() || !file.value()) {
        // Any file would do.
        (void)volume->read({data[size - 1], kLargest}, kLargest);
        return 0;
    }
    auto content = volume->read(*file.value(), kLargest);
    if (content.ok() && content.value().size() != file.value()->size) __builtin_trap();
    return 0;
}
