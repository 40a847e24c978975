// The certificates that are known, and which of them are trusted: what the image was built with (TRUST=), and what scripts add.
#pragma once

#include <span>

#include "net/tls/certificate.h"
#include "util/vector.h"

namespace net {

inline constexpr util::Failure kNoCertificates{util::code::kFetch + 72, "there is no certificate in it"};

// Stored ones only help to complete chains.
enum class Trust : std::uint8_t { Stored, Trusted, BuiltIn };

struct StoredCertificate {
    util::Vector<std::byte> bytes;
    Certificate parsed;  // of those bytes
    Trust trust = Trust::Stored;
};

class TrustStore {
  public:
    static constexpr std::size_t kFingerprint = 32;  // SHA-256

    // All certificates of a file, PEM or DER, those of that name if one is given. What is there already is not kept twice, but may become
    // trusted. Failure: kNoCertificates, kBadCertificate, kBadPem, out of memory.
    util::Result<void> add(util::Bytes file, Trust trust, std::string_view name = {});
    // Those of that name, or all, but for what is built in.
    void remove(std::string_view name);
    std::span<const StoredCertificate> certificates() const { return certificates_.span(); }

    // SHA-256 of certificates that are trusted when they are met in a chain, one after the other. Nothing of it counts in images with
    // authorities of their own: it may come from DHCP. Failure: out of memory.
    util::Result<void> set_fingerprints(util::Bytes fingerprints);
    bool is_trusted(const Certificate& certificate) const;
    bool trusts_anybody() const;

  private:
    util::Result<void> add_one(util::Vector<std::byte> der, Trust trust, std::string_view name);
    util::Vector<StoredCertificate> certificates_;
    util::Vector<std::byte> fingerprints_;
};

}  // namespace net
