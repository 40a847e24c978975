#include "net/tls/cms.h"

#include <platform/calling.h>

#include <algorithm>

#include "net/tls/algorithms.h"
#include "net/tls/certificate_check.h"
#include "net/tls/pem.h"

namespace net {

using namespace std::string_view_literals;
using platform::library;

namespace {

// Object identifiers as DER has them: RFC 5652 sections 5.1, 11.1, 11.2; RFC 8017 appendix A.2.3, which is RSA with another padding.
constexpr std::string_view kSignedData = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"sv, kContentType = "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03"sv,
                           kMessageDigest = "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04"sv, kRsaPss = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"sv;

// Whoever has signed once could be listed again and again, and each time all is hashed.
constexpr std::size_t kMostSigners = 8, kMostCertificates = 32;

// RFC 5754 section 2; the identifier with its length in front, as BearSSL wants it for RSA.
struct Digest {
    std::string_view object;
    util::HashAlgorithm algorithm;
};
constexpr Digest kDigests[] = {
    {"\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01"sv, util::HashAlgorithm::Sha256},
    {"\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02"sv, util::HashAlgorithm::Sha384},
    {"\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03"sv, util::HashAlgorithm::Sha512},
};

// SignerInfo, section 5.3. All views are into the file.
struct Signer {
    util::Bytes issuer, serial, key_id;  // the first two, or the last
    const Digest* digest = nullptr;
    DerItem attributes;  // signed ones; tag 0: none
    util::Bytes signature;
};

// SignedData, section 5.1.
struct SignedData {
    util::Bytes content_type;
    util::Vector<util::Bytes> certificates;
    util::Vector<Signer> signers;
};

bool is(util::Bytes object, std::string_view wanted) { return util::as_text(object) == wanted; }

util::Result<Signer> parse_signer(DerReader reader) {
    Signer signer;
    reader.expect(der::kInteger);
    if (reader.is_next(der::context(0))) {
        signer.key_id = reader.next().content;
    } else {
        DerReader name = reader.enter(der::kSequence);
        signer.issuer = name.expect(der::kSequence).whole;
        signer.serial = name.expect(der::kInteger).content;
        if (!name.ok()) return kBadSignatureFile;
    }
    util::Bytes object = reader.enter(der::kSequence).expect(der::kObject).content;
    for (const Digest& each : kDigests)
        if (is(object, each.object.substr(1))) signer.digest = &each;
    signer.attributes = reader.optional(der::constructed(0));
    bool is_pss = is(reader.enter(der::kSequence).expect(der::kObject).content, kRsaPss);  // else the key says how
    signer.signature = reader.expect(der::kOctetString).content;
    if (!reader.ok()) return kBadSignatureFile;
    if (!signer.digest || is_pss) return kSignatureUnsupported;
    return signer;
}

util::Result<void> parse_certificates(DerReader reader, util::Vector<util::Bytes>& certificates) {
    while (reader.ok() && !reader.at_end()) {
        DerItem each = reader.next();
        if (each.tag != der::kSequence) continue;  // of kinds that nobody uses
        if (certificates.size() == kMostCertificates) return kBadSignatureFile;
        TRY(certificates.push(each.whole));
    }
    return reader.ok() ? util::Result<void>() : kBadSignatureFile;
}

util::Result<void> parse_signers(DerReader reader, util::Vector<Signer>& signers) {
    while (reader.ok() && !reader.at_end()) {
        if (signers.size() == kMostSigners) return kBadSignatureFile;
        DerReader each = reader.enter(der::kSequence);
        if (reader.ok()) TRY(signers.push(TRY(parse_signer(each))));
    }
    return reader.ok() && !signers.empty() ? util::Result<void>() : kBadSignatureFile;
}

util::Result<void> parse(util::Bytes file, SignedData& parsed) {
    DerReader info = DerReader(file).enter(der::kSequence);
    if (!is(info.expect(der::kObject).content, kSignedData)) return kBadSignatureFile;
    DerReader data = info.enter(der::constructed(0)).enter(der::kSequence);
    data.expect(der::kInteger);
    data.expect(der::kSet);  // which digests there are: each signer says it again
    parsed.content_type = data.enter(der::kSequence).expect(der::kObject).content;
    util::Bytes certificates = data.optional(der::constructed(0)).content;
    data.optional(der::constructed(1));  // revocation lists
    DerReader signers = data.enter(der::kSet);
    if (!data.ok()) return kBadSignatureFile;
    TRY(parse_certificates(DerReader(certificates), parsed.certificates));
    return parse_signers(signers, parsed.signers);
}

util::Result<void> read_file(util::Bytes file, util::Vector<std::byte>& der) {
    for (std::string_view label : {"CMS"sv, "PKCS7"sv})
        if (TRY(PemReader(file).next(label, der))) return {};
    return kBadSignatureFile;
}

bool belongs(const Certificate& certificate, const Signer& signer) {
    if (!signer.key_id.empty()) return same_bytes(certificate.key_id, signer.key_id);
    return same_bytes(certificate.issuer, signer.issuer) && same_bytes(certificate.serial, signer.serial);
}

// The signer's certificate first, then the others.
util::Result<void> collect_chain(const Signer& signer, const SignedData& data, const TrustStore& store, util::Vector<util::Bytes>& chain) {
    chain.clear();
    for (util::Bytes der : data.certificates)
        if (belongs(TRY(parse_certificate(der)), signer) && chain.empty()) TRY(chain.push(der));
    for (const StoredCertificate& each : store.certificates())
        if (belongs(each.parsed, signer) && chain.empty()) TRY(chain.push(each.parsed.der));
    if (chain.empty()) return kSignerUnknown;
    for (util::Bytes der : data.certificates)
        if (!same_bytes(der, chain[0])) TRY(chain.push(der));
    return {};
}

// Section 5.4: what was signed is the content, or attributes, among them the content's digest and type (section 5.3), each once.
util::Result<void> hash_signed(const Signer& signer, util::Bytes content_type, SignedContent& content, util::Hash& hash) {
    TRY(content.hash(hash));
    if (!signer.attributes.tag) return {};
    unsigned digests = 0, types = 0;
    util::Bytes digest = hash.digest();
    DerReader attributes(signer.attributes.content);
    while (attributes.ok() && !attributes.at_end()) {
        DerReader attribute = attributes.enter(der::kSequence);
        util::Bytes object = attribute.expect(der::kObject).content;
        DerReader values = attribute.enter(der::kSet);
        if (!attribute.ok()) return kBadSignatureFile;
        DerItem value = values.next();
        if (is(object, kMessageDigest)) {
            if (value.tag != der::kOctetString || !same_bytes(value.content, digest)) return kSignatureWrong;
            ++digests;
        }
        if (is(object, kContentType)) {
            if (value.tag != der::kObject || !same_bytes(value.content, content_type)) return kBadSignatureFile;
            ++types;
        }
    }
    if (!attributes.ok() || digests != 1 || types != 1) return kBadSignatureFile;
    // In the file they are [0]; signed as the SET OF that they are.
    constexpr std::byte kSetOf{der::kSet};
    hash = util::Hash(signer.digest->algorithm);
    hash.update({&kSetOf, 1});
    hash.update(signer.attributes.whole.subspan(1));
    return {};
}

bool has_signed(const br_x509_pkey& key, const Signer& signer, util::Bytes digest) {
    auto* signature = reinterpret_cast<const unsigned char*>(signer.signature.data());
    auto* hash = reinterpret_cast<const unsigned char*>(digest.data());
    if (key.key_type == BR_KEYTYPE_EC)
        return library(kEcdsaVerify)(&kCurves, hash, digest.size(), &key.key.ec, signature, signer.signature.size());
    unsigned char found[br_sha512_SIZE] = {};
    auto* object = reinterpret_cast<const unsigned char*>(signer.digest->object.data());
    bool is_whole = library(kRsaVerify)(signature, signer.signature.size(), object, digest.size(), &key.key.rsa, found);
    return is_whole && std::ranges::equal(std::as_bytes(std::span(found, digest.size())), digest);
}

}  // namespace

util::Result<void> verify_signature(util::Bytes file, SignedContent& content, const SignatureCheck& by, util::TextSink& detail) {
    detail.clear();
    util::Vector<std::byte> der;
    SignedData data;
    TRY(read_file(file, der));
    TRY(parse(util::Bytes(der.span()), data));
    auto check = TRY(util::make_owned<CertificateCheck>(by.store, by.now));
    util::Vector<util::Bytes> chain;
    util::Text<120> others;
    bool any = false;
    for (const Signer& signer : data.signers) {
        TRY(collect_chain(signer, data, by.store, chain));
        Certificate certificate = TRY(parse_certificate(chain[0]));
        if (!by.name.empty() && !has_name(certificate, by.name)) {
            append_name(others.text(others.view().empty() ? "signed by " : ", "), certificate.subject);
            continue;
        }
        TRY(check->check(chain.span(), Purpose::CodeSigning, {}, detail));
        append_name(detail.text("signed by "), certificate.subject);
        util::Hash hash(signer.digest->algorithm);
        TRY(hash_signed(signer, data.content_type, content, hash));
        const br_x509_pkey* key = check->key(nullptr);
        if (!key || !has_signed(*key, signer, hash.digest())) return kSignatureWrong;
        detail.clear();
        any = true;
    }
    if (any) return {};
    detail.text(others.view());
    return kSignerOther;
}

}  // namespace net
