#include "util/tools/packed_image.h"

#include <lzma.h>

#include <cstring>
#include <memory>

#include "util/lzma.h"
#include "util/mixing.h"
#include "util/tools/mixing_pack.h"
#include "util/x86_branches.h"
#include "util/x86_filter.h"

namespace tools {
namespace {

struct Stream {
    Bytes bytes;
    std::uint8_t properties = 0;  // of LZMA
};

Stream lzma_with(const Bytes& input, unsigned lc, unsigned lp, unsigned pb) {
    lzma_options_lzma options;
    if (lzma_lzma_preset(&options, 9 | LZMA_PRESET_EXTREME)) fail("liblzma preset");
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
        fail("liblzma failed");
    stream.bytes.resize(size);
    stream.properties = static_cast<std::uint8_t>((pb * 5 + lp) * 9 + lc);
    return stream;
}

// The best of the parameters that matter for x86 code.
Stream best_lzma(const Bytes& input) {
    Stream best;
    for (unsigned lc = 0; lc <= 4; ++lc)
        for (unsigned lp = 0; lp <= 1 && lc + lp <= 4; ++lp)
            for (unsigned pb = 0; pb <= 2; ++pb) {
                Stream stream = lzma_with(input, lc, lp, pb);
                if (best.bytes.empty() || stream.bytes.size() < best.bytes.size()) best = stream;
            }
    return best;
}

std::uint32_t size32(const Bytes& buffer) { return static_cast<std::uint32_t>(buffer.size()); }

// Each packer filters `bytes`, packs them, and notes in the header how.
Bytes pack_lzma(Bytes bytes, arch::PackedHeader& header) {
    util::x86_filter_encode(bytes.data(), header.image_size);
    std::uint8_t known = header.lzma_properties;
    Stream stream = known ? lzma_with(bytes, known % 9u, known / 9u % 5, known / 45u) : best_lzma(bytes);
    header.lzma_properties = stream.properties;
    return stream.bytes;
}
Bytes pack_mixing_with_costs(Bytes bytes, arch::PackedHeader& header, std::vector<double>* costs) {
    std::vector<std::uint32_t> room(util::x86_branches_room(header.code_size));
    std::span<const std::uint32_t> uncalled;
    header.filtered = util::x86_branches_encode(bytes.data(), header.code_size, room.data(), uncalled);
    return mixing_pack(bytes, header.code_size, header.image_size, costs);
}
Bytes pack_mixing(Bytes bytes, arch::PackedHeader& header) { return pack_mixing_with_costs(std::move(bytes), header, nullptr); }

// What went out must come back in through the firmware's own decoders. As the stages have it (arch/stage/unpack_*.cc).
Bytes unpack_lzma(const Bytes& stream, const arch::PackedHeader& header) {
    Bytes unpacked(header.unpacked_size);
    auto workspace = std::make_unique<util::LzmaWorkspace>();
    util::LzmaInput input{stream.data(), size32(stream), header.lzma_properties};
    if (!util::lzma_unpack(input, unpacked.data(), size32(unpacked), *workspace)) return {};
    util::x86_filter_decode(unpacked.data(), header.image_size);
    return unpacked;
}
Bytes unpack_mixing(const Bytes& stream, const arch::PackedHeader& header) {
    Bytes unpacked(header.unpacked_size);
    auto model = std::make_unique<util::MixingModel>();
    util::MixingInput input{stream.data(), size32(stream), header.code_size, header.image_size};
    if (!util::mixing_unpack(input, unpacked.data(), size32(unpacked), *model)) return {};
    std::vector<std::uint32_t> room(util::x86_branches_room(header.code_size));
    if (header.filtered) util::x86_branches_decode(unpacked.data(), header.code_size, room.data());
    return unpacked;
}

struct PackerRow {
    Bytes (*pack)(Bytes bytes, arch::PackedHeader& header);
    Bytes (*unpack)(const Bytes& stream, const arch::PackedHeader& header);
};
// By arch::Packer.
constexpr PackerRow kRows[] = {{pack_lzma, unpack_lzma}, {pack_mixing, unpack_mixing}};
static_assert(static_cast<int>(arch::Packer::Lzma) == 0 && static_cast<int>(arch::Packer::Mixing) == 1);

const PackerRow& row_of(const arch::PackedHeader& header) {
    auto number = static_cast<unsigned>(header.packer);
    if (number >= std::size(kRows)) fail("the image is packed in a way that this program does not know");
    return kRows[number];
}

void append(Bytes& to, const Bytes& from) { to.insert(to.end(), from.begin(), from.end()); }

std::uint32_t sum(std::span<const std::uint8_t> packed) {
    std::uint32_t total = 0;
    for (std::size_t i = 0; i + 4 <= packed.size(); i += 4) {
        std::uint32_t word;
        std::memcpy(&word, packed.data() + i, 4);
        total += word;
    }
    return total;
}

void set_checksum(Bytes& packed) {
    std::uint32_t negative = 0u - sum(packed);
    std::memcpy(packed.data() + offsetof(arch::PackedHeader, checksum), &negative, 4);
}

arch::PackedHeader header_of(std::span<const std::uint8_t> file) {
    arch::PackedHeader header;
    std::memcpy(&header, file.data(), sizeof header);
    return header;
}

}  // namespace

Bytes pack(PackedImage& image) {
    arch::PackedHeader& header = image.header;
    header.magic = arch::kPackedMagic;
    header.checksum = 0;
    header.stream_offset = static_cast<std::uint32_t>(sizeof header) + size32(image.stage);
    header.unpacked_size = size32(image.plain);
    header.image_size = header.unpacked_size - header.resident_size;
    Bytes stream = row_of(header).pack(image.plain, header);
    if (row_of(header).unpack(stream, header) != image.plain) fail("the packed image does not unpack to what was packed");
    header.stream_size = size32(stream);
    header.size = (header.stream_offset + header.stream_size + 15) & ~15u;
    if (header.size > arch::kPackedRoom) fail("the packed image is larger than anything makes room for");

    Bytes packed(sizeof header);
    std::memcpy(packed.data(), &header, sizeof header);
    append(packed, image.stage);
    append(packed, stream);
    packed.resize(header.size);
    set_checksum(packed);
    return packed;
}

std::vector<double> packed_costs(PackedImage image) {
    if (image.header.packer != arch::Packer::Mixing) fail("what a byte costs is known of the mixing packer only");
    std::vector<double> costs;
    pack_mixing_with_costs(std::move(image.plain), image.header, &costs);
    return costs;
}

bool is_packed_image(std::span<const std::uint8_t> file) {
    if (file.size() < sizeof(arch::PackedHeader)) return false;
    arch::PackedHeader header = header_of(file);
    return header.magic == arch::kPackedMagic && header.size >= sizeof header && header.size <= file.size() && header.size % 4 == 0 &&
           sum(file.first(header.size)) == 0;
}

PackedImage unpack(std::span<const std::uint8_t> packed) {
    PackedImage image;
    const arch::PackedHeader& header = image.header = header_of(packed);
    constexpr std::uint32_t kMost = 1 << 24;
    if (header.stream_offset < sizeof header || header.stream_offset > header.size ||
        header.stream_size > header.size - header.stream_offset || header.unpacked_size > kMost ||
        header.image_size > header.unpacked_size || header.resident_size != header.unpacked_size - header.image_size ||
        header.code_size > header.strings_end || header.strings_end > header.script_offset || header.script_offset > header.image_size ||
        header.image_size - header.script_offset < sizeof(std::uint32_t))
        fail("the image's header is damaged, or of another version than this program");
    image.stage.assign(packed.begin() + sizeof header, packed.begin() + header.stream_offset);
    auto stream = packed.subspan(header.stream_offset, header.stream_size);
    image.plain = row_of(header).unpack({stream.begin(), stream.end()}, header);
    if (image.plain.empty()) fail("the image does not unpack");
    return image;
}

}  // namespace tools
