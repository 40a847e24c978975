// BearSSL's view of whoever judges a server's certificates (br_x509_class): takes them all, as they come in pieces, and judges at the end. Functions
// that the library calls have its calling convention, which its header does not name.
#pragma once

#include <bearssl/bearssl_x509.h>

#include "net/tls/certificate_check.h"

namespace net {

class X509Collector {
  public:
    // The store and the sink must outlive this.
    X509Collector(const TrustStore& store, std::int64_t now, util::TextSink& detail);
    X509Collector(const X509Collector&) = delete;
    util::Result<void> set_host(std::string_view host) { return host_.assign(host); }
    const br_x509_class** handle() { return &head_.methods; }
    // Why it said no; null: it did not.
    const util::Failure* failure() const { return failure_; }

  private:
    static constexpr std::size_t kMostBytes = 65536, kMostCertificates = 12;
    void take(util::Bytes bytes);
    unsigned judge();
    struct Methods;

    // What BearSSL has a pointer to.
    struct Head {
        const br_x509_class* methods;
        X509Collector* collector;
    } head_;
    br_x509_class methods_;
    CertificateCheck check_;
    util::TextSink& detail_;
    util::String host_;
    util::Vector<std::byte> bytes_;
    util::Vector<std::size_t> ends_;
    const util::Failure* failure_ = nullptr;
};

}  // namespace net
