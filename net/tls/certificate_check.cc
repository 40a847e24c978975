#include "net/tls/certificate_check.h"

#include <platform/calling.h>

#include <algorithm>

#include "net/tls/algorithms.h"

namespace net {

using platform::library;

namespace {

unsigned char* raw(util::Bytes bytes) { return reinterpret_cast<unsigned char*>(const_cast<std::byte*>(bytes.data())); }

bool is_object(util::Bytes object, std::string_view wanted) { return util::as_text(object) == wanted; }

// RFC 3279 section 2.3.1, RFC 5480 section 2.1.1. BearSSL numbers curves as TLS does.
bool read_public_key(const Certificate& certificate, br_x509_pkey& key) {
    using namespace std::string_view_literals;
    if (is_object(certificate.algorithm, "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"sv)) {
        DerReader pair = DerReader(certificate.key).enter(der::kSequence);
        util::Bytes modulus = der_magnitude(pair.expect(der::kInteger).content), exponent = der_magnitude(pair.expect(der::kInteger).content);
        key.key_type = BR_KEYTYPE_RSA;
        key.key.rsa = {raw(modulus), modulus.size(), raw(exponent), exponent.size()};
        return pair.ok() && !modulus.empty() && !exponent.empty();
    }
    int curve = is_object(certificate.parameters, "\x2a\x86\x48\xce\x3d\x03\x01\x07"sv) ? BR_EC_secp256r1
                : is_object(certificate.parameters, "\x2b\x81\x04\x00\x22"sv)           ? BR_EC_secp384r1
                : is_object(certificate.parameters, "\x2b\x81\x04\x00\x23"sv)           ? BR_EC_secp521r1
                                                                                        : 0;
    key.key_type = BR_KEYTYPE_EC;
    key.key.ec = {curve, raw(certificate.key), certificate.key.size()};
    return curve && is_object(certificate.algorithm, "\x2a\x86\x48\xce\x3d\x02\x01"sv);
}

}  // namespace

// From the first one to whoever has issued it, and so on, as far as it can be followed.
util::Result<void> CertificateCheck::order(std::span<const util::Bytes> chain) {
    util::Vector<Certificate> others;
    for (util::Bytes der : chain) TRY((path_.empty() ? path_ : others).push(TRY(parse_certificate(der))));
    auto issues_last = [&](const Certificate& each) { return same_bytes(each.subject, path_.back().issuer); };
    while (path_.size() < kLongestPath && !path_.back().is_self_issued()) {
        auto* next = std::ranges::find_if(others, issues_last);
        if (next != others.end()) {
            TRY(path_.push(*next));
            others.erase(static_cast<std::size_t>(next - others.begin()));
            continue;
        }
        auto stored = store_.certificates();
        auto found = std::ranges::find_if(stored, issues_last, &StoredCertificate::parsed);
        if (found == stored.end()) break;
        TRY(path_.push(found->parsed));
    }
    return {};
}

util::Result<void> CertificateCheck::add_anchor(const Certificate& certificate, unsigned flags) {
    br_x509_trust_anchor anchor{};
    anchor.dn = {raw(certificate.subject), certificate.subject.size()};
    anchor.flags = flags;
    if (!read_public_key(certificate, anchor.pkey)) return {};
    return anchors_.push(anchor);
}

// Of the store, and of the chain itself. One that is no authority is trusted for itself alone, wherever it stands first.
util::Result<void> CertificateCheck::collect_anchors() {
    auto add = [&](const Certificate& each) -> util::Result<void> {
        if (!store_.is_trusted(each)) return {};
        if (each.is_authority) TRY(add_anchor(each, BR_X509_TA_CA));
        return same_bytes(each.der, path_[0].der) ? add_anchor(each, 0) : util::Result<void>();
    };
    for (const StoredCertificate& each : store_.certificates()) TRY(add(each.parsed));
    for (const Certificate& each : path_) TRY(add(each));
    return {};
}

unsigned CertificateCheck::ask_engine(const char* host) {
    constexpr std::uint32_t kDay = 86400, kDaysUntil1970 = 719528;  // as BearSSL counts, from January of the year 0
    constexpr int kSmallestRsaKey = 2048 / 8;
    library(br_x509_minimal_init)(&engine_, &br_sha256_vtable, anchors_.data(), anchors_.size());
    br_x509_minimal_set_rsa(&engine_, kRsaVerify);
    br_x509_minimal_set_ecdsa(&engine_, &kCurves, kEcdsaVerify);
    for (const HashRow& row : kHashes) br_x509_minimal_set_hash(&engine_, row.id, row.hash);
    br_x509_minimal_set_minrsa(&engine_, kSmallestRsaKey);
    auto now = static_cast<std::uint64_t>(now_ < 0 ? 0 : now_);
    br_x509_minimal_set_time(&engine_, static_cast<std::uint32_t>(now / kDay) + kDaysUntil1970, static_cast<std::uint32_t>(now % kDay));
    const br_x509_class& engine = br_x509_minimal_vtable;
    library(engine.start_chain)(&engine_.vtable, host);
    for (const Certificate& each : path_) {
        library(engine.start_cert)(&engine_.vtable, static_cast<std::uint32_t>(each.der.size()));
        library(engine.append)(&engine_.vtable, raw(each.der), each.der.size());
        library(engine.end_cert)(&engine_.vtable);
    }
    return library(engine.end_chain)(&engine_.vtable);
}

util::Result<void> CertificateCheck::check(std::span<const util::Bytes> chain, Purpose purpose, std::string_view host, util::TextSink& detail) {
    passed_ = false;
    path_.clear();
    anchors_.clear();
    detail.clear();
    if (!host.empty()) detail.text(host).text(": ");
    if (chain.empty()) return kCertificateMissing;
    TRY(order(chain));
    TRY(collect_anchors());
    // The engine knows names only.
    auto address = Ipv4Address::parse(host);
    util::Text<256> name;
    name.text(host).character('\0');
    unsigned error = ask_engine(purpose == Purpose::Server && !address ? name.view().data() : nullptr);
    const Certificate& first = path_[0];
    if (!error && name.truncated()) error = BR_ERR_X509_BAD_SERVER_NAME;
    if (!error && address && !is_for_address(first, *address) && !has_name(first, host)) error = BR_ERR_X509_BAD_SERVER_NAME;
    if (!error && purpose == Purpose::CodeSigning && !(first.has_usages && first.signs_code && first.signs_data)) {
        append_name(detail, first.subject);
        detail.text(" may not sign code (extendedKeyUsage codeSigning, keyUsage digitalSignature)");
        return kCertificateUnsuited;
    }
    if (error) return explain(error, detail);
    detail.clear();
    passed_ = true;
    return {};
}

const br_x509_pkey* CertificateCheck::key(unsigned* usages) const {
    return passed_ ? library(br_x509_minimal_vtable.get_pkey)(&engine_.vtable, usages) : nullptr;
}

util::Result<void> CertificateCheck::explain(unsigned error, util::TextSink& detail) const {
    switch (error) {
        case BR_ERR_X509_EXPIRED: return explain_date(detail);
        case BR_ERR_X509_NOT_TRUSTED: return explain_issuer(detail);
        case BR_ERR_X509_BAD_SERVER_NAME:
            detail.text("the certificate is for ");
            append_host_names(detail, path_[0]);
            return kCertificateName;
        case BR_ERR_X509_BAD_SIGNATURE:
        case BR_ERR_X509_DN_MISMATCH: break;
        case BR_ERR_X509_NOT_CA:
            detail.text("issued by a certificate that is no authority's (basicConstraints)");
            return kCertificateUnsuited;
        case BR_ERR_X509_WEAK_PUBLIC_KEY:
            detail.text("an RSA key of less than 2048 bits");
            return kCertificateUnsuited;
        case BR_ERR_X509_FORBIDDEN_KEY_USAGE:
            detail.text("a certificate has issued another without the right to (keyUsage)");
            return kCertificateUnsuited;
        case BR_ERR_X509_CRITICAL_EXTENSION:
            detail.text("a critical extension that is not known here");
            return kCertificateUnsuited;
        default:
            append_name(detail, path_[0].subject);
            detail.format(": BearSSL's reason %u", error);
            return error == BR_ERR_X509_UNSUPPORTED || error == BR_ERR_X509_WRONG_KEY_TYPE ? kCertificateUnsuited : kBadCertificate;
    }
    append_name(detail, path_[0].subject);
    detail.text(" was not signed by ");
    append_name(detail, path_[0].issuer);
    return kCertificateForged;
}

// The engine tells expired from "not yet" only for people who have the dates.
util::Result<void> CertificateCheck::explain_date(util::TextSink& detail) const {
    for (const Certificate& each : path_) {
        bool is_early = now_ < each.not_before;
        if (!is_early && now_ <= each.not_after) continue;
        append_name(detail, each.subject);
        detail.text(is_early ? " is valid from " : " was valid until ");
        append_date(detail, is_early ? each.not_before : each.not_after);
        detail.text(", and this machine's clock says ");
        append_date(detail, now_);
        return is_early ? kCertificateEarly : kCertificateExpired;
    }
    return kCertificateExpired;
}

util::Result<void> CertificateCheck::explain_issuer(util::TextSink& detail) const {
    const Certificate& last = path_[path_.size() - 1];
    bool is_alone = path_.size() == 1 && last.is_self_issued();
    detail.text("CN=");
    append_name(detail, last.issuer);
    bool is_stored = std::ranges::any_of(store_.certificates(), [&](const StoredCertificate& each) { return same_bytes(each.parsed.der, last.der); });
    if (is_stored) detail.text(", which is stored, but not trusted (certstore --trust)");
    else if (!store_.trusts_anybody()) detail.text("; this image trusts nobody: build it with TRUST=, or see certstore");
    return is_alone ? kCertificateSelfSigned : kCertificateUntrusted;
}

}  // namespace net
