#include "net/fetch/fetch.h"

#include "net/fetch/scheme.h"

namespace net {

namespace {

const Scheme* find_scheme(const Uri& uri) {
    for (const Scheme& scheme : schemes())
        if (uri.scheme_is(scheme.name)) return &scheme;
    return nullptr;
}

constexpr util::Duration kResolvePatience = util::Duration::seconds(30);

}  // namespace

util::Result<void> MemorySink::begin(std::optional<std::uint64_t> size) {
    bytes_.clear();
    if (!size) return {};
    if (*size > limit_) return kFileTooBig;
    return bytes_.reserve(static_cast<std::size_t>(*size));
}

util::Result<void> MemorySink::write(util::Bytes data) {
    if (data.empty()) return {};
    if (data.size() > limit_ - bytes_.size()) return kFileTooBig;
    std::size_t old = bytes_.size(), wanted = old + data.size();
    TRY(bytes_.resize(wanted));
    std::memcpy(bytes_.data() + old, data.data(), data.size());
    return {};
}

bool can_fetch(const Uri& uri) { return find_scheme(uri) != nullptr; }

util::Result<void> fetch(FetchContext& context, const Uri& uri, FetchSink& sink, const FetchRequest& request) {
    context.detail.clear();
    if (const Scheme* scheme = find_scheme(uri)) return scheme->fetch(context, uri, sink, request);
    context.detail.text(uri.scheme());
    return kUnknownScheme;
}

util::Result<Ipv4Address> resolve_host(FetchContext& context, const Uri& uri) {
    if (uri.host().empty()) return kNoHost;
    DnsContext dns{context.loop, context.datagrams, context.random, context.dns, {}};
    auto address = resolve(dns, uri.host(), context.loop.now() + kResolvePatience);
    if (!address.ok()) context.detail.text(dns.detail.view());
    return address;
}

}  // namespace net
