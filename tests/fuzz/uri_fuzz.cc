// URIs from scripts and servers. What was parsed is part of its own text, and resolving always ends.
#include <cstdint>

#include "net/fetch/uri.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    std::string_view text(reinterpret_cast<const char*>(data), size);
    util::Split halves = util::split_first(text, '\n');
    auto base = net::Uri::parse(halves.before);
    if (base.ok()) {
        ASSERT(base.value().text() == halves.before);
        (void)base.value().params();
        auto target = net::Uri::resolve(base.value(), halves.after);
        if (target.ok()) ASSERT(target.value().is_absolute());
    }
    (void)net::Uri::from_boot_file(net::Ipv4Address(10, 0, 2, 2), text);
    util::String decoded;
    (void)net::append_percent_decoded(decoded, text);
    ASSERT(decoded.size() <= size);
    return 0;
}
