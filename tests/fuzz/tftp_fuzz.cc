// Packets from a TFTP server.
#include <cstdint>

#include "net/wire/tftp.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    util::Bytes packet = std::as_bytes(std::span(data, size));
    if (auto parsed = net::parse_tftp(packet)) {
        ASSERT(parsed->data.size() <= size && parsed->text.size() <= size);
        ASSERT(parsed->text.find('\0') == std::string_view::npos);
    }
    return 0;
}
