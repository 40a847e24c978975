// gzip files (RFC 1952): unpacked into an image of their own.
#include <platform/memory.h>

#include "scripts/images/formats.h"
#include "util/crc32.h"
#include "util/inflate.h"

namespace scripts {

namespace {

constexpr util::Failure kBadSum{util::code::kScript + 89, "what was unpacked has the wrong check sum"};

constexpr std::size_t kTrailerSize = 8;
constexpr std::uint8_t kDeflate = 8;
enum Flag : std::uint8_t { kHeaderSum = 2, kExtra = 4, kName = 8, kComment = 16 };

void skip_text(util::Reader& reader) {
    while (reader.ok() && reader.u8()) {}
}

// Leaves the reader at the packed data.
void skip_header(util::Reader& reader) {
    reader.skip(3);  // signature and method
    std::uint8_t flags = reader.u8();
    reader.skip(6);  // time, flags of the packer, system
    if (flags & kExtra) reader.skip(reader.le16());
    if (flags & kName) skip_text(reader);
    if (flags & kComment) skip_text(reader);
    if (flags & kHeaderSum) reader.skip(2);
}

util::Result<std::uint32_t> checksum(util::Loop& loop, util::Bytes content) {
    constexpr std::size_t kPausesEvery = 1 << 20;
    std::uint32_t sum = 0;
    for (; !content.empty(); TRY(loop.sleep({}))) {
        util::Bytes piece = content.first(std::min(content.size(), kPausesEvery));
        sum = util::crc32(sum, piece);
        content = content.subspan(piece.size());
    }
    return sum;
}

}  // namespace

bool probe_gzip(util::Bytes content) {
    util::Reader reader(content);
    return reader.be16() == 0x1f8b && reader.u8() == kDeflate;
}

// Files may be joined to one another; what they unpack to is, too.
util::Result<Image*> extract_gzip(util::Loop& loop, ImageTable& images, Image& packed, std::string_view name, util::TextSink& detail) {
    util::Bytes content = packed.bytes();
    std::uint32_t expected = content.size() < kTrailerSize ? 0 : util::Reader(content.last(4)).le32();
    MemoryGap gap = find_gap(images.images(), expected);
    util::MutableBytes room;
    if (gap.size) room = {platform::memory_at(gap.base), gap.size};
    std::uint32_t size = 0;
    do {
        util::Reader reader(content);
        skip_header(reader);
        util::MutableBytes target = room.subspan(size);
        auto done = util::inflate(reader.rest(), target, &loop);
        if (!done.ok()) {
            // The size at the end is right unless there is more than 4 GiB, or several files.
            if (&done.failure() == &util::kDeflateRoom) explain_shortage(detail, std::max(std::uint64_t{expected}, gap.size + std::uint64_t{1}), gap.size);
            return done.failure();
        }
        reader.skip(done.value().consumed);
        std::uint32_t sum = reader.le32(), length = reader.le32();
        if (!reader.ok()) return util::kBadDeflate;
        util::Bytes produced = target.first(done.value().produced);
        if (length != produced.size() || sum != TRY(checksum(loop, produced))) return kBadSum;
        size += length;
        content = reader.rest();
    } while (probe_gzip(content));
    return images.add(name, packed.uri(), {gap.base, size});
}

}  // namespace scripts
