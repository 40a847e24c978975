// Reading the script from the disk that we were started from.
#include <platform/boot.h>

#include "scripts/autoexec/autoexec.h"
#include "scripts/autoexec/fat.h"
#include "scripts/lexer.h"
#include "scripts/system.h"

namespace scripts {

namespace {

class BootDisk final : public DiskBlocks {
  public:
    bool read(std::uint32_t block, std::span<std::byte, kSize> target) override { return platform::read_boot_disk(block, target); }
};

// The master boot record's table: four entries of 16 bytes from 1BEh on, in each the first block at 8.
constexpr std::size_t kPartitions = 4, kTable = 0x1be, kEntrySize = 16, kFirstBlock = 8;

// What cannot be used is said, and is as good as none.
Image* find_in(System& system, FatVolume& volume) {
    auto read = [&]() -> util::Result<Image*> {
        // DOS has eight and three characters.
        auto file = TRY(volume.find({kAutoexec, "AUTOEXECIPX"}));
        if (!file || file->size == 0) return nullptr;
        util::Vector<std::byte> content = TRY(volume.read(*file, kLargestAutoexec));
        if (!is_script(util::as_text(util::Bytes(content.span())))) return kNotScript;
        return system.images.add(kAutoexec, {}, std::move(content));
    };
    auto script = read();
    if (script.ok()) return script.value();
    util::print("%v on the boot disk: %s\n", &kAutoexec, script.failure().text);
    return nullptr;
}

}  // namespace

util::Result<Image*> find_on_boot_disk(System& system) {
    BootDisk disk;
    util::Buffer<DiskBlocks::kSize> first;
    if (!disk.read(0, first.all().first<DiskBlocks::kSize>())) return nullptr;
    // A file system on all of the disk, as floppies have it, is the only one.
    if (auto volume = FatVolume::open(disk, 0)) return find_in(system, *volume);
    for (std::size_t i = 0; i < kPartitions; ++i) {
        std::uint32_t begin = util::Reader(first.all().subspan(kTable + i * kEntrySize + kFirstBlock)).le32();
        auto volume = begin ? FatVolume::open(disk, begin) : std::nullopt;
        if (!volume) continue;
        if (Image* script = find_in(system, *volume)) return script;
    }
    return nullptr;
}

}  // namespace scripts
