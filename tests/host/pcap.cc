#include "tests/host/pcap.h"

namespace host {
namespace {

struct FileHeader {
    util::Le32 magic{0xa1b2c3d4};  // times in microseconds
    util::Le16 major{2}, minor{4};
    util::Le32 zone, accuracy;
    util::Le32 snap_length{65535};
    util::Le32 link_type{1};  // LINKTYPE_ETHERNET
};
struct RecordHeader {
    util::Le32 seconds, microseconds, captured, original;
};
static_assert(sizeof(FileHeader) == 24 && sizeof(RecordHeader) == 16);

}  // namespace

Pcap::Pcap(const std::string& path) : file_(std::fopen(path.c_str(), "wb")) {
    FileHeader header;
    if (file_) std::fwrite(&header, sizeof header, 1, file_);
}

Pcap::~Pcap() {
    if (file_) std::fclose(file_);
}

void Pcap::write(util::Instant at, util::Bytes frame) {
    if (!file_) return;
    auto size = static_cast<std::uint32_t>(frame.size());
    RecordHeader header{static_cast<std::uint32_t>(at.us() / 1000000), static_cast<std::uint32_t>(at.us() % 1000000),
                        size, size};
    std::fwrite(&header, sizeof header, 1, file_);
    std::fwrite(frame.data(), 1, frame.size(), file_);
}

}  // namespace host
