// Any bytes as a deflate stream: no more than there is room for, however much it claims.
#include "util/crc32.h"
#include "util/inflate.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static std::byte target[1 << 16];
    auto result = util::inflate(std::as_bytes(std::span(data, size)), target);
    if (result.ok()) (void)util::crc32(0, util::Bytes(target).first(result.value().produced));
    return 0;
}
