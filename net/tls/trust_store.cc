#include "net/tls/trust_store.h"

#include <algorithm>

#include "net/tls/pem.h"
#include "util/hash.h"

namespace net {

util::Result<void> TrustStore::add(util::Bytes file, Trust trust, std::string_view name) {
    PemReader reader(file);
    util::Vector<std::byte> der;
    bool any = false;
    while (TRY(reader.next("CERTIFICATE", der))) {
        // Certificates in DER may follow one another, as the table of those that are built in has them.
        util::Bytes rest(der.span());
        while (!rest.empty()) {
            util::Bytes whole = DerReader(rest).expect(der::kSequence).whole;
            if (whole.empty()) return kBadCertificate;
            util::Vector<std::byte> copy;
            TRY(copy.resize(whole.size()));
            std::memcpy(copy.data(), whole.data(), whole.size());
            TRY(add_one(std::move(copy), trust, name));
            rest = rest.subspan(whole.size());
            any = true;
        }
    }
    return any ? util::Result<void>() : kNoCertificates;
}

util::Result<void> TrustStore::add_one(util::Vector<std::byte> der, Trust trust, std::string_view name) {
    Certificate parsed = TRY(parse_certificate(util::Bytes(der.span())));
    if (!name.empty() && !has_name(parsed, name)) return {};
    for (StoredCertificate& known : certificates_) {
        if (!same_bytes(known.parsed.der, parsed.der)) continue;
        known.trust = std::max(known.trust, trust);
        return {};
    }
    return certificates_.push({std::move(der), parsed, trust});
}

void TrustStore::remove(std::string_view name) {
    for (std::size_t i = certificates_.size(); i-- > 0;) {
        const StoredCertificate& each = certificates_[i];
        if (each.trust != Trust::BuiltIn && (name.empty() || has_name(each.parsed, name))) certificates_.erase(i);
    }
}

util::Result<void> TrustStore::set_fingerprints(util::Bytes fingerprints) {
    TRY(fingerprints_.resize(fingerprints.size() / kFingerprint * kFingerprint));
    if (!fingerprints_.empty()) std::memcpy(fingerprints_.data(), fingerprints.data(), fingerprints_.size());
    return {};
}

static bool is_built_in(const StoredCertificate& each) { return each.trust == Trust::BuiltIn; }

bool TrustStore::is_trusted(const Certificate& certificate) const {
    for (const StoredCertificate& each : certificates_)
        if (each.trust != Trust::Stored && same_bytes(each.parsed.der, certificate.der)) return true;
    if (fingerprints_.empty() || std::ranges::any_of(certificates_, is_built_in)) return false;
    util::Hash hash(util::HashAlgorithm::Sha256);
    hash.update(certificate.der);
    util::Bytes digest = hash.digest(), all(fingerprints_.span());
    for (; all.size() >= kFingerprint; all = all.subspan(kFingerprint))
        if (same_bytes(all.first(kFingerprint), digest)) return true;
    return false;
}

bool TrustStore::trusts_anybody() const {
    return !fingerprints_.empty() || std::ranges::any_of(certificates_, [](const StoredCertificate& each) { return each.trust != Trust::Stored; });
}

}  // namespace net
