// Whether a chain of certificates is to be trusted. BearSSL's engine (br_x509_minimal) decides; around it, the chain is put in
// order and completed from the store, and a refusal is put into words.
#pragma once

#include <bearssl/bearssl_x509.h>

#include "net/tls/trust_store.h"

namespace net {

inline constexpr util::Failure kCertificateEarly{util::code::kFetch + 73, "the certificate is not valid yet"};
inline constexpr util::Failure kCertificateExpired{util::code::kFetch + 74, "the certificate has expired"};
inline constexpr util::Failure kCertificateName{util::code::kFetch + 75, "the certificate is for another server"};
inline constexpr util::Failure kCertificateUntrusted{util::code::kFetch + 76, "the certificate was issued by an authority that is not trusted"};
inline constexpr util::Failure kCertificateSelfSigned{util::code::kFetch + 77, "the certificate is signed by itself, and not trusted"};
inline constexpr util::Failure kCertificateForged{util::code::kFetch + 78, "a certificate's signature is wrong"};
inline constexpr util::Failure kCertificateUnsuited{util::code::kFetch + 79,
                                                    "a certificate is not made for this: its key, its algorithms, or what it may be used for"};
inline constexpr util::Failure kCertificateMissing{util::code::kFetch + 80, "no certificate was shown"};

enum class Purpose : std::uint8_t { Server, CodeSigning };

class CertificateCheck {
  public:
    // The store must outlive this; `now` in seconds since 1970.
    CertificateCheck(const TrustStore& store, std::int64_t now) : store_(store), now_(now) {}

    // The chain begins with the one in question; others in any order. For a server, `host` is the name or address that it was asked by.
    // Failure: those above, kBadCertificate, out of memory; `detail` then names names and dates.
    util::Result<void> check(std::span<const util::Bytes> chain, Purpose purpose, std::string_view host, util::TextSink& detail);
    // Of the first certificate, once check() has succeeded; null before.
    const br_x509_pkey* key(unsigned* usages) const;

  private:
    static constexpr std::size_t kLongestPath = 10;
    util::Result<void> order(std::span<const util::Bytes> chain);
    util::Result<void> collect_anchors();
    util::Result<void> add_anchor(const Certificate& certificate, unsigned flags);
    unsigned ask_engine(const char* host);
    util::Result<void> explain(unsigned error, util::TextSink& detail) const;
    util::Result<void> explain_date(util::TextSink& detail) const;
    util::Result<void> explain_issuer(util::TextSink& detail) const;

    const TrustStore& store_;
    std::int64_t now_;
    bool passed_ = false;
    util::Vector<Certificate> path_;
    util::Vector<br_x509_trust_anchor> anchors_;
    br_x509_minimal_context engine_;
};

}  // namespace net
