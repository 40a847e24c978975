// Detached signatures (Cryptographic Message Syntax, RFC 5652), as `openssl cms -sign -binary` makes them: who has signed something, and whether these are
// its bytes.
#pragma once

#include "net/tls/trust_store.h"
#include "util/hash.h"

namespace net {

inline constexpr util::Failure kBadSignatureFile{util::code::kFetch + 89, "not a signature (CMS), or a damaged one"};
inline constexpr util::Failure kSignatureWrong{util::code::kFetch + 90, "the signature does not match: the image was changed, or it is another one's signature"};
inline constexpr util::Failure kSignerUnknown{util::code::kFetch + 91, "the signer's certificate is neither in the signature nor stored"};
inline constexpr util::Failure kSignerOther{util::code::kFetch + 92, "it was signed by somebody else"};
inline constexpr util::Failure kSignatureUnsupported{util::code::kFetch + 93, "the signature uses an algorithm that is not known here"};

// What was signed.
class SignedContent {
  public:
    // Adds all of it. Failure: cancelled.
    virtual util::Result<void> hash(util::Hash& hash) = 0;

  protected:
    ~SignedContent() = default;
};

// Who judges, when, and what for.
struct SignatureCheck {
    const TrustStore& store;
    std::int64_t now;       // seconds since 1970
    std::string_view name;  // common or alternative name of the signer; empty: any
};

// DER or PEM. Each signer must be right, or each of that name, and there must be one. Failure: those above, those of CertificateCheck, kBadCertificate, kBadPem, the
// content's, out of memory; `detail` then names names and dates.
util::Result<void> verify_signature(util::Bytes file, SignedContent& content, const SignatureCheck& by, util::TextSink& detail);

}  // namespace net
