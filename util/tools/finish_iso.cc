// finish_iso CD FRONT: makes a CD image that boots by El Torito a disk image as well, for sticks: puts the disk loader (FRONT,
// arch/prefix/hd.asm with HYBRID) into the part in front of the file system, which ISO 9660 leaves to others (ECMA-119
// section 6.2.1), with a partition table whose one partition is all of it.
#include <algorithm>
#include <cstring>

#include "util/tools/elf_image.h"

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kCdSector = 2048, kSector = 512, kSystemArea = 16 * kCdSector;
constexpr std::size_t kPackedSectorAt = 4;  // hd.asm
// El Torito 1.0: boot record, and the catalog's initial entry behind the validation entry.
constexpr std::size_t kBootRecord = 17 * kCdSector, kCatalogAt = 0x47, kInitialEntry = 32, kLoadRbaAt = 8;
constexpr std::uint8_t kBootable = 0x88;
constexpr std::size_t kWhole = 1 << 20;  // SeaBIOS does not boot from a stick that ends just anywhere
// As isohybrid images have it: nothing that a system would mount or repair by itself.
constexpr std::size_t kPartitionAt = 446;
constexpr std::uint8_t kActive = 0x80, kTypeHidden = 0x17;

std::uint32_t word(const Bytes& bytes, std::size_t at) {
    if (at + 4 > bytes.size()) tools::fail("the CD image is cut short");
    std::uint32_t value;
    std::memcpy(&value, bytes.data() + at, 4);
    return value;
}
void set_word(Bytes& bytes, std::size_t at, std::uint32_t value) { std::memcpy(bytes.data() + at, &value, 4); }

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) tools::fail("usage: finish_iso CD FRONT");
    Bytes cd = tools::read_file(argv[1]), front = tools::read_file(argv[2]);
    if (front.size() > kSystemArea || cd.size() < kBootRecord + kCdSector) tools::fail("no CD image, or a large loader");
    if (std::memcmp(cd.data() + kBootRecord, "\0CD001\1EL TORITO SPECIFICATION", 30) != 0) tools::fail("the CD does not boot");
    std::size_t entry = std::size_t{word(cd, kBootRecord + kCatalogAt)} * kCdSector + kInitialEntry;
    if ((word(cd, entry) & 0xff) != kBootable) tools::fail("the CD's boot catalog has no bootable entry");
    std::uint32_t boot_file = word(cd, entry + kLoadRbaAt);

    cd.resize((cd.size() + kWhole - 1) / kWhole * kWhole);
    std::copy(front.begin(), front.end(), cd.begin());
    set_word(cd, kPackedSectorAt, (boot_file + 1) * (kCdSector / kSector));
    const std::uint8_t partition[8] = {kActive, 0, 1, 0, kTypeHidden, 0xfe, 0xff, 0xff};
    std::memcpy(cd.data() + kPartitionAt, partition, sizeof partition);
    set_word(cd, kPartitionAt + 8, 0);
    set_word(cd, kPartitionAt + 12, static_cast<std::uint32_t>(cd.size() / kSector));
    tools::write_file(argv[1], cd);
}
