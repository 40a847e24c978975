// The protocols that drives can be attached by.
#include "embed/select_rows.h"
#include "net/fetch/uri.h"
#include "scripts/san_schemes.h"
#include "scripts/system.h"

namespace scripts {

namespace {

// Sorted by name.
constexpr SanScheme kSchemes[] = {
    {"http", open_http},
    {"https", open_http},
    {"iscsi", open_iscsi},
};
static_assert(std::ranges::is_sorted(kSchemes, {}, &SanScheme::name));

constexpr embed::Belongs kOptional[] = {{"http", "http"}, {"https", "http"}};
constexpr auto kSelected = embed::select_rows<kSchemes, kOptional>();

constexpr bool kMultipath = embed::has_feature(embed::kSelection, "multipath");

}  // namespace

bool has_multipath() { return kMultipath; }

bool takes_as_paths(std::span<const std::string_view> uris) {
    if constexpr (kMultipath) return are_paths(uris);
    return false;
}

util::Result<void> open_as_paths(System& system, std::uint8_t number, std::span<const std::string_view> uris, Describe describe) {
    if constexpr (kMultipath) return system.san.open_paths(number, uris, describe);
    return kNotSanUri;
}

const SanScheme* find_san_scheme(std::string_view uri) {
    std::string_view name = uri.substr(0, net::uri_scheme_length(uri));
    for (const SanScheme& scheme : kSelected)
        if (util::equal_ignoring_case(scheme.name, name)) return &scheme;
    return nullptr;
}

}  // namespace scripts
