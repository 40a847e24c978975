// The schemes by which files can be read piece by piece.
#include "embed/select_rows.h"
#include "net/fetch/file_stream.h"

namespace net {

namespace {

// Sorted by name.
constexpr StreamScheme kSchemes[] = {
    {"http", open_http_stream},
    {"https", open_http_stream},
    {"tftp", open_tftp_stream},
};
static_assert(std::ranges::is_sorted(kSchemes, {}, &StreamScheme::name));

constexpr embed::Belongs kOptional[] = {{"http", "http"}, {"https", "http"}};
constexpr auto kSelected = embed::select_rows<kSchemes, kOptional>();

}  // namespace

std::span<const StreamScheme> stream_schemes() { return kSelected; }

util::Result<util::Owned<FileStream>> open_file_stream(FetchContext& context, const Uri& uri) {
    for (const StreamScheme& scheme : stream_schemes())
        if (uri.scheme_is(scheme.name)) return scheme.open(context, uri);
    return kUnknownScheme;
}

}  // namespace net
