// pack_image PACKER IMAGE.elf STAGE.elf RESIDENT.bin OUTPUT: makes the packed image that every prefix carries
// (arch/stage/packed.h), and tells its sizes on standard output. Same input, same bytes. The stage is the packer's.
#include <cstdio>
#include <cstring>

#include "util/tools/packed_image.h"

namespace {

using tools::Bytes;

// Where the part begins that is not relocated.
std::uint32_t script_offset(const tools::ElfImage& image) {
    for (const tools::ElfSection& section : image.sections)
        if (section.name == ".script") return section.address - image.base;
    tools::fail("the image has no place for a script");
}

// The image moved to another address.
Bytes moved(const tools::ElfImage& image, std::uint32_t address) {
    Bytes bytes = image.bytes;
    for (std::uint32_t place : image.relocations) {
        std::uint32_t word;
        std::memcpy(&word, bytes.data() + (place - image.base), 4);
        word += address - image.base;
        std::memcpy(bytes.data() + (place - image.base), &word, 4);
    }
    return bytes;
}

// Whether the loader stage will find just the addresses.
bool unmistakable(const tools::ElfImage& image, Bytes& bytes, std::uint32_t address) {
    std::vector<std::uint32_t> found;
    arch::each_address(bytes.data(), script_offset(image), address, script_offset(image),
                       [&](const std::uint8_t* at, std::uint32_t) {
                           found.push_back(image.base + static_cast<std::uint32_t>(at - bytes.data()));
                       });
    return found == image.relocations;
}

// The image, moved to the first address that needs no relocation table (arch/stage/packed.h).
Bytes without_table(const tools::ElfImage& image, std::uint32_t& address) {
    constexpr std::uint32_t kStep = 0x10000;
    for (address = 0x10 * kStep; address < 0xfff0 * kStep; address += kStep) {
        Bytes bytes = moved(image, address);
        if (unmistakable(image, bytes, address)) return bytes;
    }
    tools::fail("every address is like something in the image");
}

arch::Packer packer_named(const char* name) {
    for (const tools::PackerName& row : tools::kPackers)
        if (std::strcmp(row.name, name) == 0) return row.packer;
    tools::fail(std::string("there is no packer ") + name);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 6) tools::fail("usage: pack_image PACKER IMAGE.elf STAGE.elf RESIDENT.bin OUTPUT");
    tools::ElfImage image = tools::read_elf(argv[2]);
    tools::ElfImage stage = tools::read_elf(argv[3]);
    Bytes resident = tools::read_file(argv[4]);
    if (!stage.relocations.empty()) tools::fail("the loader stage is not position independent");
    if (stage.entry != stage.base) tools::fail("the loader stage must begin with its entry");
    if (stage.memory != stage.bytes.size()) tools::fail("the loader stage has variables");
    if (image.memory != image.bytes.size()) tools::fail("something is behind the script");

    tools::PackedImage packed;
    arch::PackedHeader& header = packed.header;
    packed.stage = stage.bytes;
    packed.plain = without_table(image, header.packed_address);
    packed.plain.insert(packed.plain.end(), resident.begin(), resident.end());
    header.image_entry = image.entry - image.base;
    header.script_offset = script_offset(image);
    header.resident_size = static_cast<std::uint32_t>(resident.size());
    header.code_size = image.code_size;
    header.packer = packer_named(argv[1]);
    tools::write_file(argv[5], tools::pack(packed));
    std::printf("packed %u image %u memory %u relocations %u stage %u resident %u\n", header.size, header.image_size,
                header.image_size, static_cast<unsigned>(image.relocations.size()), static_cast<unsigned>(stage.bytes.size()),
                header.resident_size);
}
