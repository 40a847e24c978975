// sanpiper-lint on any bytes.
#include <cstdint>

#include "util/tools/lint/findings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    lint::Options options;
    options.notes = true;
    (void)lint::check_script({reinterpret_cast<const char*>(data), size}, options);
    std::string with_mark = "#!ipxe\n" + std::string(reinterpret_cast<const char*>(data), size);
    (void)lint::check_script(with_mark, options);
    return 0;
}
