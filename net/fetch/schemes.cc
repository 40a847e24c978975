// The schemes that can be fetched.
#include "embed/select_rows.h"
#include "net/fetch/http.h"
#include "net/fetch/scheme.h"
#include "net/fetch/tftp.h"

namespace net {

namespace {

// Sorted by name.
constexpr Scheme kSchemes[] = {
    {"http", fetch_http},
    {"https", fetch_http},
    {"tftp", fetch_tftp},
};
static_assert(std::ranges::is_sorted(kSchemes, {}, &Scheme::name));

constexpr embed::Belongs kOptional[] = {{"http", "http"}, {"https", "http"}};
constexpr auto kSelected = embed::select_rows<kSchemes, kOptional>();

}  // namespace

std::span<const Scheme> schemes() { return kSelected; }

std::string_view fetched_from(const FetchContext& context, const Uri& uri) {
    constexpr bool kHasHttp = embed::has_feature(embed::kSelection, "http");
    return kHasHttp && !uri.scheme_is("tftp") ? context.kept.uri.view() : std::string_view();
}

bool begins_tftp_anew() {
    constexpr bool kHasLargeImages = embed::has_feature(embed::kSelection, "linux") || embed::has_feature(embed::kSelection, "multiboot") ||
                                     embed::has_feature(embed::kSelection, "pxe");
    return kHasLargeImages;
}

}  // namespace net
