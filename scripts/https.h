// HTTPS for a system: its store of certificates, TLS with what the system knows of the time and of the setting `trust`, and whether only signed images may run. Made at the start in images that
// have the feature (service_table.cc); FetchContext::securer points to it.
#pragma once

#include "net/stream.h"
#include "net/tls/trust_store.h"
#include "scripts/system.h"

namespace scripts {

inline constexpr util::Failure kTlsNeedsI686{util::code::kScript + 250, "this processor is too old for HTTPS and signatures: an i686 is needed"};

inline constexpr util::Failure kNotTrusted{util::code::kScript + 251, "the image is not trusted, and imgtrust lets no others run: see imgverify"};

class Https final : public util::Poller, public net::Securer {
  public:
    explicit Https(System& system) : system_(system) {}
    ~Https() override { system_.fetch_context.securer = nullptr; }
    util::Result<util::Owned<net::Stream>> secure(util::Owned<net::Stream> below, std::string_view host, util::TextSink& detail) override;
    bool poll(util::Instant) override { return false; }

    net::TrustStore& store() { return store_; }
    // The store, with what `trust` says now. Failure: kTlsNeedsI686, out of memory.
    util::Result<void> refresh();

    // What imgtrust has said.
    bool wants_trust = false, is_trust_permanent = false;

  private:
    System& system_;
    net::TrustStore store_;
};

// Of an image that has it, as those with the commands that ask for it do.
Https& https_of(System& system);

// That the image may run. Failure: kNotTrusted.
util::Result<void> check_trust(System& system, const Image& image);

util::Result<void> start_https(System& system);

}  // namespace scripts
