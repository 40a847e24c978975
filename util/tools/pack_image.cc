// pack_image PACKER IMAGE.elf STAGE.elf RESIDENT.bin OUTPUT: makes the packed image that every prefix carries
// (arch/stage/packed.h), and tells its sizes on standard output. Same input, same bytes. The stage is the packer's.
#include <lzma.h>

#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include "arch/stage/packed.h"
#include "util/lzma.h"
#include "util/mixing.h"
#include "util/tools/elf_image.h"
#include "util/tools/mixing_pack.h"
#include "util/x86_branches.h"
#include "util/x86_filter.h"

namespace {

using Buffer = std::vector<std::uint8_t>;

// The image moved to another address.
Buffer moved(const tools::ElfImage& image, std::uint32_t address) {
    Buffer bytes = image.bytes;
    for (std::uint32_t place : image.relocations) {
        std::uint32_t word;
        std::memcpy(&word, bytes.data() + (place - image.base), 4);
        word += address - image.base;
        std::memcpy(bytes.data() + (place - image.base), &word, 4);
    }
    return bytes;
}

// Whether the loader stage will find just the addresses.
bool unmistakable(const tools::ElfImage& image, Buffer& bytes, std::uint32_t address) {
    std::vector<std::uint32_t> found;
    arch::each_address(bytes.data(), static_cast<std::uint32_t>(bytes.size()), address, image.memory,
                       [&](const std::uint8_t* at, std::uint32_t) {
                           found.push_back(image.base + static_cast<std::uint32_t>(at - bytes.data()));
                       });
    return found == image.relocations;
}

// The image, moved to the first address that needs no relocation table (arch/stage/packed.h).
Buffer without_table(const tools::ElfImage& image, std::uint32_t& address) {
    constexpr std::uint32_t kStep = 0x10000;
    for (address = 0x10 * kStep; address < 0xfff0 * kStep; address += kStep) {
        Buffer bytes = moved(image, address);
        if (unmistakable(image, bytes, address)) return bytes;
    }
    tools::fail("every address is like something in the image");
}

struct Stream {
    Buffer bytes;
    std::uint8_t properties = 0;  // of LZMA
};

Stream lzma_with(const Buffer& input, unsigned lc, unsigned lp, unsigned pb) {
    lzma_options_lzma options;
    if (lzma_lzma_preset(&options, 9 | LZMA_PRESET_EXTREME)) tools::fail("liblzma preset");
    options.lc = lc;
    options.lp = lp;
    options.pb = pb;
    options.nice_len = 273;
    options.depth = 1000;
    lzma_filter filters[] = {{LZMA_FILTER_LZMA1, &options}, {LZMA_VLI_UNKNOWN, nullptr}};
    Stream stream;
    stream.bytes.resize(input.size() * 2 + 1024);
    std::size_t size = 0;
    if (lzma_raw_buffer_encode(filters, nullptr, input.data(), input.size(), stream.bytes.data(), &size,
                               stream.bytes.size()) != LZMA_OK)
        tools::fail("liblzma failed");
    stream.bytes.resize(size);
    stream.properties = static_cast<std::uint8_t>((pb * 5 + lp) * 9 + lc);
    return stream;
}

// The best of the parameters that matter for x86 code.
Stream best_lzma(const Buffer& input) {
    Stream best;
    for (unsigned lc = 0; lc <= 4; ++lc)
        for (unsigned lp = 0; lp <= 1 && lc + lp <= 4; ++lp)
            for (unsigned pb = 0; pb <= 2; ++pb) {
                Stream stream = lzma_with(input, lc, lp, pb);
                if (best.bytes.empty() || stream.bytes.size() < best.bytes.size()) best = stream;
            }
    return best;
}

std::uint32_t size32(const Buffer& buffer) { return static_cast<std::uint32_t>(buffer.size()); }

// Each packer filters `bytes`, packs them, and notes in the header how.
Buffer pack_lzma(Buffer bytes, arch::PackedHeader& header) {
    util::x86_filter_encode(bytes.data(), header.image_size);
    Stream stream = best_lzma(bytes);
    header.lzma_properties = stream.properties;
    return stream.bytes;
}
Buffer pack_mixing(Buffer bytes, arch::PackedHeader& header) {
    std::vector<std::uint32_t> room(util::x86_branches_room(header.code_size));
    header.filtered = util::x86_branches_encode(bytes.data(), header.code_size, room.data());
    return tools::mixing_pack(bytes, header.code_size, header.image_size);
}

// What went out must come back in through the firmware's own decoders. As the stages have it (arch/stage/unpack_*.cc).
Buffer unpack_lzma(const Buffer& stream, const arch::PackedHeader& header) {
    Buffer unpacked(header.unpacked_size);
    auto workspace = std::make_unique<util::LzmaWorkspace>();
    util::LzmaInput input{stream.data(), size32(stream), header.lzma_properties};
    if (!util::lzma_unpack(input, unpacked.data(), size32(unpacked), *workspace)) return {};
    util::x86_filter_decode(unpacked.data(), header.image_size);
    return unpacked;
}
Buffer unpack_mixing(const Buffer& stream, const arch::PackedHeader& header) {
    Buffer unpacked(header.unpacked_size);
    auto model = std::make_unique<util::MixingModel>();
    util::MixingInput input{stream.data(), size32(stream), header.code_size, header.image_size};
    if (!util::mixing_unpack(input, unpacked.data(), size32(unpacked), *model)) return {};
    std::vector<std::uint32_t> room(util::x86_branches_room(header.code_size));
    if (header.filtered) util::x86_branches_decode(unpacked.data(), header.code_size, room.data());
    return unpacked;
}

struct PackerRow {
    const char* name;
    arch::Packer packer;
    Buffer (*pack)(Buffer bytes, arch::PackedHeader& header);
    Buffer (*unpack)(const Buffer& stream, const arch::PackedHeader& header);
};
constexpr PackerRow kPackers[] = {
    {"lzma", arch::Packer::Lzma, pack_lzma, unpack_lzma},
    {"mixing", arch::Packer::Mixing, pack_mixing, unpack_mixing},
};

const PackerRow& packer_named(const char* name) {
    for (const PackerRow& row : kPackers)
        if (std::strcmp(row.name, name) == 0) return row;
    tools::fail(std::string("there is no packer ") + name);
}

void append(Buffer& to, const Buffer& from) { to.insert(to.end(), from.begin(), from.end()); }

void set_checksum(Buffer& packed) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < packed.size(); i += 4) {
        std::uint32_t word;
        std::memcpy(&word, packed.data() + i, 4);
        sum += word;
    }
    std::uint32_t negative = 0u - sum;
    std::memcpy(packed.data() + offsetof(arch::PackedHeader, checksum), &negative, 4);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 6) tools::fail("usage: pack_image PACKER IMAGE.elf STAGE.elf RESIDENT.bin OUTPUT");
    const PackerRow& row = packer_named(argv[1]);
    tools::ElfImage image = tools::read_elf(argv[2]);
    tools::ElfImage stage = tools::read_elf(argv[3]);
    Buffer resident = tools::read_file(argv[4]);
    if (!stage.relocations.empty()) tools::fail("the loader stage is not position independent");
    if (stage.entry != stage.base) tools::fail("the loader stage must begin with its entry");
    if (stage.memory != stage.bytes.size()) tools::fail("the loader stage has variables");

    arch::PackedHeader header{};
    Buffer plain = without_table(image, header.packed_address);
    append(plain, resident);
    header.magic = arch::kPackedMagic;
    header.stream_offset = static_cast<std::uint32_t>(sizeof header) + size32(stage.bytes);
    header.unpacked_size = size32(plain);
    header.image_size = size32(image.bytes);
    header.image_memory = image.memory;
    header.image_entry = image.entry - image.base;
    header.resident_size = size32(resident);
    header.code_size = image.code_size;
    header.packer = row.packer;
    Buffer stream = row.pack(plain, header);
    if (row.unpack(stream, header) != plain) tools::fail("the packed image does not unpack to what was packed");
    header.stream_size = size32(stream);
    header.size = (header.stream_offset + header.stream_size + 3) & ~3u;

    Buffer packed(sizeof header);
    std::memcpy(packed.data(), &header, sizeof header);
    append(packed, stage.bytes);
    append(packed, stream);
    packed.resize(header.size);
    set_checksum(packed);
    tools::write_file(argv[5], packed);
    std::printf("packed %u image %u memory %u relocations %u stage %u resident %u\n", header.size, header.image_size,
                header.image_memory, static_cast<unsigned>(image.relocations.size()), size32(stage.bytes), header.resident_size);
}
