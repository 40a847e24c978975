#include "scripts/https.h"

#include "embed/embed.h"
#include "net/tls/tls_stream.h"

namespace scripts {

using namespace std::string_view_literals;

util::Result<void> Https::refresh() {
    if (system_.parts.cpu == CpuLevel::I486) return kTlsNeedsI686;
    SettingValue value;
    bool found = TRY(system_.settings.fetch("trust"sv, value));
    return store_.set_fingerprints(found ? util::as_bytes(value.bytes.view()) : util::Bytes());
}

util::Result<util::Owned<net::Stream>> Https::secure(util::Owned<net::Stream> below, std::string_view host, util::TextSink& detail) {
    detail.clear();
    TRY(refresh());
    net::TlsStream::Parts parts{system_.loop, system_.parts.random, store_, system_.wall_clock.now(), detail};
    return util::Owned<net::Stream>(TRY(net::TlsStream::open(parts, std::move(below), host)));
}

Https& https_of(System& system) {
    ASSERT(system.fetch_context.securer);
    return static_cast<Https&>(*system.fetch_context.securer);
}

util::Result<void> check_trust(System& system, const Image& image) {
    bool may_run = !system.fetch_context.securer || !https_of(system).wants_trust || image.is_trusted();
    return may_run ? util::Result<void>() : kNotTrusted;
}

util::Result<void> start_https(System& system) {
    auto https = TRY(util::make_owned<Https>(system));
    std::string_view built_in = embed::trust();
    if (!built_in.empty()) TRY(https->store().add(util::as_bytes(built_in), net::Trust::BuiltIn));
    system.fetch_context.securer = https.get();
    return system.services.push(util::Owned<util::Poller>(std::move(https)));
}

}  // namespace scripts
