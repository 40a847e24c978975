// Fetching images by what a script calls them: a URI, a path beside the running script, or a path on the DHCP
// server's TFTP server.
#pragma once

#include <string_view>

#include "net/fetch/uri.h"
#include "scripts/images/image.h"
#include "util/time.h"

namespace scripts {

class System;

// What `text` means here and now. Failure: net::kBadUri, out of memory.
util::Result<net::Uri> resolve_uri(System& system, std::string_view text);

// Fetches and registers it, saying so on the console. An empty name means the last part of the path. Failure:
// that of net::fetch(); what the server said about it is printed.
util::Result<Image*> fetch_image(System& system, std::string_view text, std::string_view name);
// Likewise, and gives up when no data has come for so long; a zero limit means never. Failure: kFetchStalled as well.
util::Result<Image*> fetch_image_within(System& system, util::Duration limit, std::string_view text, std::string_view name);

inline constexpr util::Failure kFetchStalled{util::code::kScript + 59, "no data came for as long as --timeout says"};

}  // namespace scripts
