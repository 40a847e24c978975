// A file that is read piece by piece as its reader asks, by URI: what programs read through us (net/pxe/pxe_file.h). The
// server waits while nobody asks.
#pragma once

#include <span>

#include "net/fetch/fetch.h"

namespace net {

class FileStream {
  public:
    virtual ~FileStream() = default;
    virtual std::optional<std::uint64_t> size() const = 0;  // as the server has announced it
    // What has arrived, without waiting, at most as much as there is room; empty: nothing yet, or the end. Failure: the protocol's.
    virtual util::Result<std::size_t> read(util::MutableBytes target) = 0;
    virtual bool at_end() const = 0;
    // Whether read() has something to give or to say.
    virtual bool is_ready() const = 0;
};

struct StreamScheme {
    std::string_view name;
    util::Result<util::Owned<FileStream>> (*open)(FetchContext& context, const Uri& uri);
};
// Those that this image has (stream_schemes.cc).
std::span<const StreamScheme> stream_schemes();

// Waits until the server sends. Failure: kUnknownScheme, the resolver's, the protocol's.
util::Result<util::Owned<FileStream>> open_file_stream(FetchContext& context, const Uri& uri);
util::Result<util::Owned<FileStream>> open_http_stream(FetchContext& context, const Uri& uri);
util::Result<util::Owned<FileStream>> open_tftp_stream(FetchContext& context, const Uri& uri);

}  // namespace net
