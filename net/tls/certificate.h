// A certificate (X.509, RFC 5280) taken apart, as far as choosing among several and explaining what is wrong with one needs it.
// Whether one is trusted is BearSSL's to say (certificate_check.h).
#pragma once

#include "net/address.h"
#include "net/tls/der.h"
#include "util/result.h"
#include "util/text.h"

namespace net {

inline constexpr util::Failure kBadCertificate{util::code::kFetch + 71, "not a certificate (X.509), or a damaged one"};

// All views are into the bytes that it was parsed from.
struct Certificate {
    util::Bytes der;
    util::Bytes serial, issuer, subject;  // issuer and subject: the whole of each Name
    std::int64_t not_before = 0, not_after = 0;
    util::Bytes algorithm, parameters, key;  // of the public key: object, whatever is behind it, the bits' bytes
    util::Bytes key_id;                      // subjectKeyIdentifier; empty: none
    util::Bytes names;                       // subjectAltName's GeneralNames; empty: none
    bool is_authority = false;               // basicConstraints say so
    bool has_usages = false, signs_code = false;  // extendedKeyUsage
    bool signs_data = true;                       // keyUsage allows digitalSignature, or there is none

    bool is_self_issued() const;
};

// Failure: kBadCertificate.
util::Result<Certificate> parse_certificate(util::Bytes der);

bool same_bytes(util::Bytes a, util::Bytes b);

// A Name's common name, else its last part; as much of it as can be shown.
void append_name(util::TextSink& target, util::Bytes name);
// All names that a server's certificate is for.
void append_host_names(util::TextSink& target, const Certificate& certificate);
// RFC 6125 leaves addresses to iPAddress; many certificates of laboratories have them as a name.
bool is_for_address(const Certificate& certificate, Ipv4Address address);
// Whether a common or alternative name is that text, in any case.
bool has_name(const Certificate& certificate, std::string_view text);
// "2026-01-31"
void append_date(util::TextSink& target, std::int64_t unix_time);

}  // namespace net
