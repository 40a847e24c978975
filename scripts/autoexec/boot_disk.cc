// Reading the script from the disk that we were started from.
#include <platform/boot.h>

#include "scripts/autoexec/autoexec.h"
#include "scripts/autoexec/fat.h"
#include "scripts/autoexec/iso9660.h"
#include "scripts/autoexec/partitions.h"
#include "scripts/lexer.h"
#include "scripts/system.h"

namespace scripts {

namespace {

class BootDisk final : public DiskBlocks {
  public:
    bool read(std::uint32_t block, std::span<std::byte, kSize> target) override { return platform::read_boot_disk(block, target); }
};

// Names of 8 and 3 characters, as DOS has them, and as CDs do.
constexpr FatVolume::Name kOnFat{kAutoexec, "AUTOEXECIPX"};
constexpr IsoVolume::Name kOnCd{kAutoexec, "autoexec.ipx"};

// Empty: there is none.
template <class Volume>
util::Result<util::Vector<std::byte>> read_file(Volume& volume, const typename Volume::Name& name) {
    auto file = TRY(volume.find(name));
    if (!file) return util::Vector<std::byte>();
    return volume.read(*file, kLargestAutoexec);
}

// What cannot be used is said, and is as good as none.
util::Result<Image*> take(System& system, util::Result<util::Vector<std::byte>> content) {
    if (content.ok() && content.value().empty()) return nullptr;
    if (content.ok() && is_script(util::as_text(util::Bytes(content.value().span())))) return system.images.add(kAutoexec, {}, content.take());
    util::print("%v on the boot disk: %s\n", &kAutoexec, (content.ok() ? kNotScript : content.failure()).text);
    return nullptr;
}

}  // namespace

util::Result<Image*> find_on_boot_disk(System& system) {
    BootDisk disk;
    util::Buffer<DiskBlocks::kSize> first;
    if (!disk.read(0, first.all().first<DiskBlocks::kSize>())) return nullptr;
    // A file system on all of the disk, as floppies have it, is the only one.
    if (auto volume = FatVolume::open(disk, 0)) return take(system, read_file(*volume, kOnFat));
    auto partitions = TRY(find_partitions(disk));
    for (std::uint32_t begin : partitions.span()) {
        auto volume = FatVolume::open(disk, begin);
        if (!volume) continue;
        if (Image* script = TRY(take(system, read_file(*volume, kOnFat)))) return script;
    }
    if (auto volume = IsoVolume::open(disk)) return take(system, read_file(*volume, kOnCd));
    return nullptr;
}

}  // namespace scripts
