// Signatures that openssl has made of "content" (certificates.h).
#include "net/tls/cms.h"

#include <gtest/gtest.h>

#include "net/tls/certificate_check.h"
#include "net/tls/pem.h"
#include "tests/host/host.h"
#include "tests/unit/net/certificates.h"
#include "util/calendar.h"

namespace net {
namespace {

class Content final : public SignedContent {
  public:
    explicit Content(std::string_view text) : text_(text) {}
    util::Result<void> hash(util::Hash& hash) override {
        if (is_cancelled) return util::kCancelled;
        hash.update(util::as_bytes(text_));
        return {};
    }
    bool is_cancelled = false;

  private:
    std::string_view text_;
};

struct Cms : testing::Test {
    Cms() {
        host::reset();
        trust(certificates::root);
        trust(certificates::authority);
    }
    void trust(const char* pem, Trust how = Trust::Trusted) { ASSERT_TRUE(store.add(util::as_bytes(pem), how).ok()); }
    // nullptr: it is right.
    const util::Failure* verify(std::string_view file, std::string_view text = "content") {
        Content content(text);
        auto verified = verify_signature(util::as_bytes(file), content, {store, now, name}, detail);
        return verified.ok() ? nullptr : &verified.failure();
    }
    std::string said() { return std::string(detail.view()); }

    TrustStore store;
    std::int64_t now = util::to_unix_time(util::DateTime{2026, 11, 29});
    std::string name;
    util::Text<200> detail;
};

std::string der_of(const char* pem) {
    util::Vector<std::byte> der;
    EXPECT_TRUE(PemReader(util::as_bytes(pem)).next("CMS", der).value());
    return std::string(util::as_text(util::Bytes(der.span())));
}

// At the one place where `from` is.
std::string with(std::string text, std::string_view from, std::string_view to) {
    std::size_t at = text.find(from);
    EXPECT_NE(at, text.npos);
    EXPECT_EQ(text.find(from, at + 1), text.npos);
    return at == text.npos ? text : text.replace(at, from.size(), to);
}

TEST_F(Cms, AcceptsSignaturesByRsaAndEcKeys) {
    EXPECT_EQ(verify(certificates::signer_signature), nullptr) << said();
    EXPECT_EQ(verify(certificates::rsasigner_signature), nullptr) << said();
    EXPECT_EQ(said(), "");
}

TEST_F(Cms, AcceptsDerAsWellAsPem) { EXPECT_EQ(verify(der_of(certificates::signer_signature)), nullptr) << said(); }

TEST_F(Cms, AcceptsPemThatIsCalledPkcs7) {
    std::string pem = with(with(certificates::signer_signature, "BEGIN CMS", "BEGIN PKCS7"), "END CMS", "END PKCS7");
    EXPECT_EQ(verify(pem), nullptr) << said();
}

TEST_F(Cms, AcceptsSignedAttributesThatNameTheContentsDigest) { EXPECT_EQ(verify(certificates::attributes_signature), nullptr) << said(); }

TEST_F(Cms, FindsTheSignerByKeyIdentifier) { EXPECT_EQ(verify(certificates::keyid_signature), nullptr) << said(); }

TEST_F(Cms, CompletesTheChainByCertificatesOfTheFile) { EXPECT_EQ(verify(certificates::chained_signature), nullptr) << said(); }

TEST_F(Cms, TakesTheSignersCertificateFromTheStoreWhereTheFileHasNone) {
    EXPECT_EQ(verify(certificates::nocerts_signature), &kSignerUnknown);
    trust(certificates::signer, Trust::Stored);
    EXPECT_EQ(verify(certificates::nocerts_signature), nullptr) << said();
}

TEST_F(Cms, AcceptsASignerWhoIsTrustedWithoutAnAuthority) {
    store.remove({});
    trust(certificates::signer);
    EXPECT_EQ(verify(certificates::signer_signature), nullptr) << said();
}

TEST_F(Cms, RefusesContentThatWasChanged) {
    for (const char* file : {certificates::signer_signature, certificates::rsasigner_signature, certificates::attributes_signature, certificates::keyid_signature}) {
        EXPECT_EQ(verify(file, "Content"), &kSignatureWrong);
        EXPECT_EQ(verify(file, ""), &kSignatureWrong);
        EXPECT_EQ(verify(file, "content\n"), &kSignatureWrong);
    }
    EXPECT_EQ(said(), "signed by Signer of tests");
}

// A bit of each of the last bytes, which are the signature.
TEST_F(Cms, RefusesSignaturesThatWereChanged) {
    for (const char* pem : {certificates::signer_signature, certificates::rsasigner_signature}) {
        std::string good = der_of(pem);
        for (std::size_t i = good.size() - 64; i < good.size(); ++i) {
            std::string bad = good;
            bad[i] ^= 1;
            EXPECT_NE(verify(bad), nullptr) << i;
        }
        std::string bad = good;
        bad.back() ^= 1;
        EXPECT_EQ(verify(bad), &kSignatureWrong);
    }
}

// The digest in them is right, but they are not what was signed.
TEST_F(Cms, RefusesAttributesThatWereChanged) {
    std::string changed = with(der_of(certificates::attributes_signature), "\x17\x0d\x32\x36", "\x17\x0d\x32\x37");  // the year of the signing time
    EXPECT_EQ(verify(changed), &kSignatureWrong);
    EXPECT_EQ(said(), "signed by Signer of tests");
}

TEST_F(Cms, RefusesAttributesWithoutDigestOrType) {
    std::string digest = "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04", type = "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03", good = der_of(certificates::attributes_signature);
    EXPECT_EQ(verify(with(good, digest, "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x40")), &kBadSignatureFile);
    EXPECT_EQ(verify(with(good, type, "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x40")), &kBadSignatureFile);
}

TEST_F(Cms, RefusesAttributesUnderAnotherTag) {
    std::string changed = with(der_of(certificates::attributes_signature), "\xa0\x81\xf4\x30\x18", "\xa1\x81\xf4\x30\x18");
    EXPECT_EQ(verify(changed), &kBadSignatureFile);
}

TEST_F(Cms, RefusesSignersWhoMayNotSignCode) {
    trust(certificates::middle, Trust::Stored);
    EXPECT_EQ(verify(certificates::server_signature), &kCertificateUnsuited);
    EXPECT_EQ(said(), "server.example may not sign code (extendedKeyUsage codeSigning, keyUsage digitalSignature)");
}

TEST_F(Cms, RefusesSignersOfAuthoritiesThatNobodyTrusts) {
    store.remove({});
    trust(certificates::other);
    EXPECT_EQ(verify(certificates::signer_signature), &kCertificateUntrusted);
    EXPECT_EQ(said(), "CN=Root of tests");
    trust(certificates::root, Trust::Stored);
    EXPECT_EQ(verify(certificates::signer_signature), &kCertificateUntrusted);
}

TEST_F(Cms, RefusesSignersWhoseCertificateHasExpired) {
    now = util::to_unix_time(util::DateTime{2120, 1, 2});
    EXPECT_EQ(verify(certificates::signer_signature), &kCertificateExpired);
    EXPECT_EQ(said(), "Signer of tests was valid until 2120-01-01, and this machine's clock says 2120-01-02");
    now = util::to_unix_time(util::DateTime{2010, 1, 1});
    EXPECT_EQ(verify(certificates::rsasigner_signature), &kCertificateEarly);
}

TEST_F(Cms, RefusesOtherSignersThanTheOneThatIsAskedFor) {
    name = "signer of tests";
    EXPECT_EQ(verify(certificates::signer_signature), nullptr) << said();
    name = "signer@server.example";
    EXPECT_EQ(verify(certificates::signer_signature), nullptr) << said();
    name = "signer";
    EXPECT_EQ(verify(certificates::signer_signature), &kSignerOther);
    EXPECT_EQ(said(), "signed by Signer of tests");
}

TEST_F(Cms, WantsAllSignersToBeRightOrTheOneThatIsAskedFor) {
    EXPECT_EQ(verify(certificates::both_signature), nullptr) << said();
    name = "Chained signer";
    EXPECT_EQ(verify(certificates::both_signature), nullptr) << said();
    EXPECT_EQ(verify(certificates::both_signature, "other"), &kSignatureWrong);
    name = "nobody";
    EXPECT_EQ(verify(certificates::both_signature), &kSignerOther);
    EXPECT_NE(said().find("Chained signer"), std::string::npos);
    EXPECT_NE(said().find("Second signer"), std::string::npos);
    // One of them is wrong.
    name.clear();
    std::string changed = der_of(certificates::both_signature);
    changed.back() ^= 1;
    EXPECT_EQ(verify(changed), &kSignatureWrong);
    EXPECT_EQ(said(), "signed by Second signer");
    name = "Chained signer";
    EXPECT_EQ(verify(changed), nullptr);
}

TEST_F(Cms, RefusesAlgorithmsThatItDoesNotKnow) {
    EXPECT_EQ(verify(certificates::pss_signature), &kSignatureUnsupported);
    // SHA-512/256 instead of the signer's SHA-512; the first time it is only said which there are.
    std::string file = der_of(certificates::keyid_signature);
    file[file.rfind("\x60\x86\x48\x01\x65\x03\x04\x02\x03") + 8] = 6;
    EXPECT_EQ(verify(file), &kSignatureUnsupported);
}

TEST_F(Cms, RefusesWhatIsNoSignature) {
    for (const char* file : {"", "0", "content", "-----BEGIN CMS-----\n-----END CMS-----\n", certificates::signer})
        EXPECT_EQ(verify(file), &kBadSignatureFile) << file;
    EXPECT_EQ(verify("-----BEGIN CMS-----\nA\n-----END CMS-----\n"), &kBadPem);
    // Encrypted instead of signed.
    EXPECT_EQ(verify(with(der_of(certificates::nocerts_signature), "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03")), &kBadSignatureFile);
}

TEST_F(Cms, RefusesAllThatWasCutOff) {
    std::string file = der_of(certificates::attributes_signature);
    for (std::size_t size = 0; size < file.size(); ++size) EXPECT_NE(verify(std::string_view(file).substr(0, size)), nullptr) << size;
}

// Lengths of two bytes where they are needed.
std::string sequence(char tag, const std::string& content) {
    std::string length = content.size() < 128 ? std::string(1, static_cast<char>(content.size()))
                         : content.size() < 256
                             ? std::string("\x81") + static_cast<char>(content.size())
                             : std::string("\x82") + static_cast<char>(content.size() >> 8) + static_cast<char>(content.size());
    return tag + length + content;
}

// Whoever has signed once could be listed as often as there is room, and all is hashed each time.
TEST_F(Cms, RefusesMoreSignersThanAnybodyHas) {
    trust(certificates::signer, Trust::Stored);
    std::string file = der_of(certificates::nocerts_signature);
    std::string signer = file.substr(file.rfind(std::string("\x30\x81\x94\x02\x01\x01", 6)));
    auto listed = [&](unsigned times) {
        std::string signers;
        for (unsigned i = 0; i < times; ++i) signers += signer;
        std::string data = std::string("\x02\x01\x01\x31\x00\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01", 18) + sequence(0x31, signers);
        return sequence(0x30, "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02" + sequence('\xa0', sequence(0x30, data)));
    };
    EXPECT_EQ(verify(listed(0)), &kBadSignatureFile);
    EXPECT_EQ(verify(listed(1)), nullptr) << said();
    EXPECT_EQ(verify(listed(8)), nullptr) << said();
    EXPECT_EQ(verify(listed(9)), &kBadSignatureFile);
}

TEST_F(Cms, EndsWhenReadingTheContentDoes) {
    Content content("content");
    content.is_cancelled = true;
    auto verified = verify_signature(util::as_bytes(certificates::signer_signature), content, {store, now, {}}, detail);
    ASSERT_FALSE(verified.ok());
    EXPECT_EQ(&verified.failure(), &util::kCancelled);
}

}  // namespace
}  // namespace net
