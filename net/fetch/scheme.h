// A URI scheme: one row of the table (schemes.cc).
#pragma once

#include <span>

#include "net/fetch/fetch.h"

namespace net {

struct Scheme {
    std::string_view name;
    util::Result<void> (*fetch)(FetchContext& context, const Uri& uri, FetchSink& sink, const FetchRequest& request);
};

// Those that this image has.
std::span<const Scheme> schemes();

}  // namespace net
