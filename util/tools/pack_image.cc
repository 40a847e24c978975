// pack_image PACKER IMAGE.elf STAGE.elf RESIDENT.bin OUTPUT [OPENING.bin]: makes the packed image that every prefix carries
// (arch/stage/packed.h), and tells its sizes on standard output. Same input, same bytes. The stage is the packer's;
// with what unpacks it (arch/stage/opening.asm) it is packed, too.
#include <cstdio>
#include <cstring>
#include <map>

#include "arch/stage/unpack.h"
#include "util/tools/packed_image.h"
#include "util/tools/stage_pack.h"
#include "util/x86_branches.h"

namespace {

using tools::Bytes;

const tools::ElfSection& section(const tools::ElfImage& image, const char* name) {
    for (const tools::ElfSection& section : image.sections)
        if (section.name == name) return section;
    tools::fail(std::string("the image has no section ") + name);
}

std::uint32_t word_at(const tools::ElfImage& image, std::uint32_t address) {
    std::uint32_t word;
    std::memcpy(&word, image.bytes.data() + (address - image.base), 4);
    return word;
}

// Puts string literals into the order in which their addresses come. Nothing else moves: the linker has them in one place.
void order_strings(tools::ElfImage& image, std::uint32_t begin, std::uint32_t end) {
    std::map<std::uint32_t, std::uint32_t> moved;  // where a string went, by where it was
    Bytes strings;
    auto add = [&](std::uint32_t address) {
        if (address < begin || address >= end) return;
        if (address != begin && image.bytes[address - 1 - image.base]) return;  // not its start
        if (!moved.emplace(address, begin + strings.size()).second) return;
        do strings.push_back(image.bytes[address++ - image.base]);
        while (strings.back());
    };
    for (std::uint32_t place : image.relocations) add(word_at(image, place));
    for (std::uint32_t address = begin; address < end; ++address) add(address);  // and those of which only the end is named
    for (std::uint32_t place : image.relocations) {
        std::uint32_t target = word_at(image, place);
        if (target < begin || target >= end) continue;
        auto string = *std::prev(moved.upper_bound(target));
        target += string.second - string.first;
        std::memcpy(image.bytes.data() + (place - image.base), &target, 4);
    }
    std::copy(strings.begin(), strings.end(), image.bytes.begin() + (begin - image.base));
}

// The image with offsets where its addresses are.
Bytes with_offsets(const tools::ElfImage& image) {
    Bytes bytes = image.bytes;
    for (std::uint32_t place : image.relocations) {
        std::uint32_t offset = word_at(image, place) - image.base;
        std::memcpy(bytes.data() + (place - image.base), &offset, 4);
    }
    return bytes;
}

// The image with addresses that the loader stage finds without a table. Notes in the header at which address it seems to be.
Bytes encode_addresses(const tools::ElfImage& image, arch::PackedHeader& header) {
    const Bytes plain = with_offsets(image);
    std::vector<std::uint32_t> places;
    for (std::uint32_t place : image.relocations) places.push_back(place - image.base);
    std::vector<std::uint32_t> room(util::x86_branches_room(header.code_size));
    std::span<const std::uint32_t> functions;
    Bytes code(plain.begin(), plain.begin() + header.code_size);
    if (header.packer == arch::Packer::Mixing) util::x86_branches_encode(code.data(), header.code_size, room.data(), functions);
    // The first byte of each is the same then, and the next one is for those that stand for something.
    for (std::uint32_t first = 0xff; first; --first) {
        header.packed_address = first << 24 | 1u << 20;
        Bytes encoded = plain;
        if (!util::addresses_encode(arch::addresses_of(encoded.data(), header, functions), places)) continue;
        Bytes decoded = encoded;
        util::addresses_decode(arch::addresses_of(decoded.data(), header, functions), 0);
        if (decoded != plain) tools::fail("addresses do not come back as they were");
        return encoded;
    }
    tools::fail("every address is like something in the image");
}

arch::Packer packer_named(const char* name) {
    for (const tools::PackerName& row : tools::kPackers)
        if (std::strcmp(row.name, name) == 0) return row.packer;
    tools::fail(std::string("there is no packer ") + name);
}

// What begins a small image, and the stage for it.
Bytes packed_stage(Bytes opening, const Bytes& stage) {
    if (stage.size() > arch::kStageRoom - 4) tools::fail("the loader stage is larger than there is room for");
    Bytes packed = tools::stage_pack(stage);
    opening.insert(opening.end(), packed.begin(), packed.end());
    return opening;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 6 && argc != 7) tools::fail("usage: pack_image PACKER IMAGE.elf STAGE.elf RESIDENT.bin OUTPUT [OPENING.bin]");
    tools::ElfImage image = tools::read_elf(argv[2]);
    const tools::ElfSection& strings = section(image, ".strings");
    order_strings(image, strings.address, strings.address + strings.size);
    tools::ElfImage stage = tools::read_elf(argv[3]);
    Bytes resident = tools::read_file(argv[4]);
    if (!stage.relocations.empty()) tools::fail("the loader stage is not position independent");
    if (stage.entry != stage.base) tools::fail("the loader stage must begin with its entry");
    if (stage.memory != stage.bytes.size()) tools::fail("the loader stage has variables");
    if (image.memory != image.bytes.size()) tools::fail("something is behind the script");

    tools::PackedImage packed;
    arch::PackedHeader& header = packed.header;
    packed.stage = argc == 7 ? packed_stage(tools::read_file(argv[6]), stage.bytes) : stage.bytes;
    header.image_entry = image.entry - image.base;
    header.script_offset = section(image, ".script").address - image.base;
    header.resident_size = static_cast<std::uint32_t>(resident.size());
    header.code_size = image.code_size;
    header.strings_end = strings.address + strings.size - image.base;
    header.packer = packer_named(argv[1]);
    packed.plain = encode_addresses(image, header);
    packed.plain.insert(packed.plain.end(), resident.begin(), resident.end());
    tools::write_file(argv[5], tools::pack(packed));
    std::printf("packed %u image %u memory %u relocations %u stage %u resident %u\n", header.size, header.image_size,
                header.image_size, static_cast<unsigned>(image.relocations.size()), static_cast<unsigned>(packed.stage.size()),
                header.resident_size);
}
