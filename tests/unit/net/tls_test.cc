#include <gtest/gtest.h>

#include "net/tls/tls_stream.h"
#include "tests/host/host.h"
#include "tests/unit/net/datagram_fake.h"
#include "tests/unit/net/tls_fake.h"
#include "util/calendar.h"

namespace net {
namespace {

using State = Stream::State;

class Tls : public testing::Test {
  protected:
    Tls() {
        host::reset();
        trust(certificates::root);
    }
    void trust(const char* pem, Trust how = Trust::Trusted) { ASSERT_TRUE(store.add(util::as_bytes(pem), how).ok()); }
    // Connects to a server that shows those certificates.
    void connect(std::string_view host, const char* key, std::vector<const char*> chain) {
        server = std::make_unique<fake::TlsServer>(pipe, key, std::move(chain));
        loop.add(*server);
        open(host);
    }
    void open(std::string_view host) {
        util::Owned<Stream> below(util::make_owned<fake::Stream>(pipe).take());
        auto opened = TlsStream::open({loop, random, store, now, detail}, std::move(below), host);
        ASSERT_TRUE(opened.ok());
        stream = opened.take();
    }
    void run() {
        for (int i = 0; i < 20000 && loop.poll_once(); ++i) {
        }
    }
    const util::Failure* handshake(std::string_view host = "server.example", const char* key = certificates::server_key,
                                   std::vector<const char*> chain = {certificates::server, certificates::middle}) {
        connect(host, key, std::move(chain));
        run();
        return stream->state() == State::Failed ? &stream->failure() : nullptr;
    }
    std::string read_all() {
        std::string text;
        for (int i = 0; i < 20000; ++i) {
            bool moved = loop.poll_once();
            util::Bytes there = stream->peek();
            text += util::as_text(there);
            if (!there.empty()) stream->consume(there.size());
            if (!moved && there.empty()) break;
        }
        return text;
    }
    std::string said() { return std::string(detail.view()); }

    util::Loop loop;
    CountingRandom random;
    TrustStore store;
    std::int64_t now = util::to_unix_time(util::DateTime{2026, 11, 29});
    util::Text<200> detail;
    std::shared_ptr<fake::Pipe> pipe = std::make_shared<fake::Pipe>();
    std::unique_ptr<fake::TlsServer> server;
    util::Owned<TlsStream> stream;
};

TEST_F(Tls, AgreesWithAServerWhoseAuthorityIsTrusted) {
    EXPECT_EQ(handshake(), nullptr) << said();
    EXPECT_EQ(stream->state(), State::Open);
    EXPECT_TRUE(server->is_open());
    EXPECT_EQ(server->name(), "server.example");
}

TEST_F(Tls, CarriesDataBothWays) {
    ASSERT_EQ(handshake(), nullptr);
    EXPECT_EQ(stream->send(util::as_bytes("hello")), 5u);
    run();
    EXPECT_EQ(server->received, "hello");
    server->to_send = std::string(100000, 'x') + "end";
    EXPECT_EQ(read_all(), std::string(100000, 'x') + "end");
}

TEST_F(Tls, SendsMoreThanARecordTakesPieceByPiece) {
    ASSERT_EQ(handshake(), nullptr);
    std::string text(50000, 'y');
    std::size_t sent = 0;
    for (int i = 0; i < 100 && sent < text.size(); ++i) {
        sent += stream->send(util::as_bytes(std::string_view(text).substr(sent)));
        run();
    }
    EXPECT_EQ(server->received, text);
}

TEST_F(Tls, ReadsRecordsHoweverTheNetworkCutsThem) {
    for (std::size_t piece : {1u, 2u, 3u, 5u, 100u, 1460u}) {
        pipe = std::make_shared<fake::Pipe>();
        pipe->piece = piece;
        ASSERT_EQ(handshake(), nullptr) << piece;
        server->to_send = std::string(3000, 'z');
        EXPECT_EQ(read_all(), std::string(3000, 'z')) << piece;
        stream.reset();
    }
}

// RFC 5246 section 6.2.1: a handshake message may span records. The server's flight is cut into records of few bytes.
TEST_F(Tls, ReadsHandshakeMessagesThatAreSplitOverRecords) {
    auto real = std::make_shared<fake::Pipe>();
    server = std::make_unique<fake::TlsServer>(real, certificates::server_key, std::vector<const char*>{certificates::server, certificates::middle});
    open("server.example");
    for (int round = 0; round < 50 && stream->state() == State::Connecting; ++round) {
        run();
        real->to_server += std::exchange(pipe->to_server, {});
        server->poll(loop.now());
        std::string& from = real->to_client;
        while (from.size() >= 5) {
            std::size_t length = static_cast<unsigned char>(from[3]) * 256u + static_cast<unsigned char>(from[4]);
            std::string body = from.substr(5, length);
            bool is_plain_handshake = from[0] == 22 && body[0] != 0 && pipe->state == State::Open && length > 60;
            std::size_t piece = is_plain_handshake ? 7 : length;
            for (std::size_t at = 0; at < body.size(); at += piece) {
                std::string part = body.substr(at, piece);
                pipe->to_client += from.substr(0, 3) + char(part.size() >> 8) + char(part.size()) + part;
            }
            from.erase(0, 5 + length);
        }
    }
    EXPECT_EQ(stream->state(), State::Open) << said();
}

TEST_F(Tls, AcceptsRsaCertificates) { EXPECT_EQ(handshake("rsa.example", certificates::rsa_key, {certificates::rsa}), nullptr) << said(); }

TEST_F(Tls, AcceptsRsaKeyExchangeAndAesFromServersThatHaveNothingElse) {
    constexpr std::uint16_t kSuites[] = {BR_TLS_RSA_WITH_AES_128_GCM_SHA256};
    connect("rsa.example", certificates::rsa_key, {certificates::rsa});
    br_ssl_engine_set_suites(&server->context().eng, kSuites, 1);
    run();
    EXPECT_EQ(stream->state(), State::Open) << said();
    server->to_send = "by AES";
    EXPECT_EQ(read_all(), "by AES");
}

TEST_F(Tls, AcceptsAesWith256Bits) {
    constexpr std::uint16_t kSuites[] = {BR_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384};
    connect("server.example", certificates::server_key, {certificates::server, certificates::middle});
    br_ssl_engine_set_suites(&server->context().eng, kSuites, 1);
    run();
    server->to_send = "by AES";
    EXPECT_EQ(read_all(), "by AES");
}

TEST_F(Tls, AcceptsARootThatIsSentWithinTheChainAndCertificatesInAnyOrder) {
    EXPECT_EQ(handshake("server.example", certificates::server_key, {certificates::server, certificates::root, certificates::other, certificates::middle}), nullptr)
        << said();
}

TEST_F(Tls, CompletesAChainFromTheStore) {
    EXPECT_EQ(handshake("server.example", certificates::server_key, {certificates::server}), &kCertificateUntrusted);
    EXPECT_EQ(said(), "server.example: CN=Middle of tests");
    trust(certificates::middle, Trust::Stored);
    pipe = std::make_shared<fake::Pipe>();
    EXPECT_EQ(handshake("server.example", certificates::server_key, {certificates::server}), nullptr) << said();
}

TEST_F(Tls, AcceptsAnIntermediateAuthorityAsTrusted) {
    store.remove({});
    trust(certificates::middle);
    EXPECT_EQ(handshake(), nullptr) << said();
}

TEST_F(Tls, AcceptsAServersOwnCertificateWhereThatIsTrusted) {
    store.remove({});
    trust(certificates::server);
    EXPECT_EQ(handshake(), nullptr) << said();
    pipe = std::make_shared<fake::Pipe>();
    trust(certificates::self);
    EXPECT_EQ(handshake("self.example", certificates::self_key, {certificates::self}), nullptr) << said();
}

TEST_F(Tls, AcceptsWhatTheFingerprintsNameUnlessAuthoritiesAreBuiltIn) {
    store.remove({});
    auto der = fake::pem_to_der(certificates::root, "CERTIFICATE");
    unsigned char digest[32];
    br_sha256_context hash;
    br_sha256_init(&hash);
    br_sha256_update(&hash, der.data(), der.size());
    br_sha256_out(&hash, digest);
    std::string two(32, '\0');
    two.append(reinterpret_cast<char*>(digest), sizeof digest);
    ASSERT_TRUE(store.set_fingerprints(util::as_bytes(two)).ok());
    EXPECT_EQ(handshake("server.example", certificates::server_key, {certificates::server, certificates::middle, certificates::root}), nullptr) << said();
    pipe = std::make_shared<fake::Pipe>();
    trust(certificates::other, Trust::BuiltIn);
    EXPECT_EQ(handshake("server.example", certificates::server_key, {certificates::server, certificates::middle, certificates::root}), &kCertificateUntrusted);
}

TEST_F(Tls, ComparesNamesAndAddresses) {
    EXPECT_EQ(handshake("a.wild.example"), nullptr) << said();
    pipe = std::make_shared<fake::Pipe>();
    EXPECT_EQ(handshake("10.0.2.2"), nullptr) << said();
    EXPECT_EQ(server->name(), "");
    pipe = std::make_shared<fake::Pipe>();
    EXPECT_EQ(handshake("10.0.2.3"), &kCertificateName);
    EXPECT_EQ(said(), "10.0.2.3: the certificate is for server.example, *.wild.example, 10.0.2.2");
    pipe = std::make_shared<fake::Pipe>();
    EXPECT_EQ(handshake("wrong.example"), &kCertificateName);
    EXPECT_EQ(said(), "wrong.example: the certificate is for server.example, *.wild.example, 10.0.2.2");
    EXPECT_TRUE(pipe->client_aborted);
}

TEST_F(Tls, TellsDatesThatAreWrong) {
    now = util::to_unix_time(util::DateTime{2010, 1, 1});
    EXPECT_EQ(handshake(), &kCertificateEarly);
    EXPECT_EQ(said(), "server.example: server.example is valid from 2026-01-01, and this machine's clock says 2010-01-01");
    pipe = std::make_shared<fake::Pipe>();
    now = util::to_unix_time(util::DateTime{2120, 1, 2});
    EXPECT_EQ(handshake(), &kCertificateExpired);
    EXPECT_EQ(said(), "server.example: server.example was valid until 2120-01-01, and this machine's clock says 2120-01-02");
}

TEST_F(Tls, TrustsNobodyWhoIsNotToBeTrusted) {
    store.remove({});
    EXPECT_EQ(handshake(), &kCertificateUntrusted);
    EXPECT_EQ(said(), "server.example: CN=Root of tests; this image trusts nobody: build it with TRUST=, or see certstore");
    trust(certificates::other);
    pipe = std::make_shared<fake::Pipe>();
    EXPECT_EQ(handshake("server.example", certificates::server_key, {certificates::server, certificates::middle, certificates::root}), &kCertificateUntrusted);
    EXPECT_EQ(said(), "server.example: CN=Root of tests");
    trust(certificates::root, Trust::Stored);
    pipe = std::make_shared<fake::Pipe>();
    EXPECT_EQ(handshake(), &kCertificateUntrusted);
    EXPECT_EQ(said(), "server.example: CN=Root of tests, which is stored, but not trusted (certstore --trust)");
    pipe = std::make_shared<fake::Pipe>();
    EXPECT_EQ(handshake("self.example", certificates::self_key, {certificates::self}), &kCertificateSelfSigned);
}

TEST_F(Tls, RefusesWeakKeysAndCertificatesThatServersHaveIssued) {
    EXPECT_EQ(handshake("weak.example", certificates::weak_key, {certificates::weak}), &kCertificateUnsuited);
    EXPECT_EQ(said(), "weak.example: an RSA key of less than 2048 bits");
    pipe = std::make_shared<fake::Pipe>();
    EXPECT_EQ(handshake("forged.example", certificates::forged_key, {certificates::forged, certificates::server, certificates::middle}), &kCertificateUnsuited);
    EXPECT_EQ(said(), "forged.example: issued by a certificate that is no authority's (basicConstraints)");
}

TEST_F(Tls, RefusesASignatureThatIsNotTheAuthoritys) {
    std::string altered = certificates::server;
    auto der = fake::pem_to_der(certificates::server, "CERTIFICATE");
    der[der.size() - 3] ^= 1;
    util::Bytes chain[] = {std::as_bytes(std::span(der))};
    trust(certificates::middle);
    CertificateCheck check(store, now);
    auto checked = check.check(chain, Purpose::Server, "server.example", detail);
    ASSERT_FALSE(checked.ok());
    EXPECT_EQ(&checked.failure(), &kCertificateForged);
    EXPECT_EQ(said(), "server.example: server.example was not signed by Middle of tests");
    EXPECT_EQ(check.key(nullptr), nullptr);
}

TEST_F(Tls, TellsAGoodbyeFromACut) {
    ASSERT_EQ(handshake(), nullptr);
    server->to_send = "all of it";
    server->says_goodbye = true;
    EXPECT_EQ(read_all(), "all of it");
    EXPECT_EQ(stream->state(), State::PeerClosed);
    stream.reset();

    pipe = std::make_shared<fake::Pipe>();
    ASSERT_EQ(handshake(), nullptr);
    server->to_send = "half of";
    server->poll(loop.now());
    pipe->server_closed = true;
    EXPECT_EQ(read_all(), "half of");
    ASSERT_EQ(stream->state(), State::Failed);
    EXPECT_EQ(&stream->failure(), &kTlsCut);
}

TEST_F(Tls, SaysGoodbye) {
    ASSERT_EQ(handshake(), nullptr);
    stream->send(util::as_bytes("x"));
    stream->close();
    server->poll(loop.now());
    EXPECT_EQ(server->error(), 0);
    EXPECT_FALSE(server->is_open());
    EXPECT_TRUE(pipe->client_closed);
}

TEST_F(Tls, NamesAlerts) {
    open("server.example");
    pipe->to_client = std::string("\x15\x03\x03\x00\x02\x02\x28", 7);
    run();
    ASSERT_EQ(stream->state(), State::Failed);
    EXPECT_EQ(&stream->failure(), &kTlsAlert);
    EXPECT_EQ(said(), "the server's alert: handshake failure: no cipher suite in common, or it wants a client certificate");
}

TEST_F(Tls, NoticesServersThatDoNotSpeakTls) {
    open("server.example");
    pipe->to_client = "HTTP/1.1 400 Bad Request\r\n\r\n";
    run();
    ASSERT_EQ(stream->state(), State::Failed);
    EXPECT_EQ(&stream->failure(), &kTlsNonsense);
    EXPECT_TRUE(pipe->client_aborted);
}

TEST_F(Tls, NoticesServersThatHangUpOrAreSilent) {
    open("server.example");
    run();
    pipe->server_closed = true;
    run();
    ASSERT_EQ(stream->state(), State::Failed);
    EXPECT_EQ(&stream->failure(), &kTlsClosed);

    pipe = std::make_shared<fake::Pipe>();
    open("server.example");
    auto waited = loop.run_until([&] { return stream->state() != State::Connecting; }, util::Instant::never());
    ASSERT_TRUE(waited.ok());
    EXPECT_EQ(&stream->failure(), &kTlsSilent);
    EXPECT_EQ(loop.now().us(), 60'000'000);
}

TEST_F(Tls, NoticesDamage) {
    ASSERT_EQ(handshake(), nullptr);
    server->to_send = "secret";
    server->poll(loop.now());
    pipe->to_client.back() ^= 1;
    EXPECT_EQ(read_all(), "");
    ASSERT_EQ(stream->state(), State::Failed);
    EXPECT_EQ(&stream->failure(), &kTlsDamaged);
}

TEST_F(Tls, PassesOnWhatBecameOfTheConnectionBelow) {
    open("server.example");
    pipe->fail(fake::kReset);
    run();
    ASSERT_EQ(stream->state(), State::Failed);
    EXPECT_EQ(&stream->failure(), &fake::kReset);
}

class NoRandom final : public Random {
    void fill(util::MutableBytes target) override { std::fill(target.begin(), target.end(), std::byte{0}); }
};

TEST_F(Tls, RefusesToWorkWithoutRandomNumbers) {
    NoRandom none;
    util::Owned<Stream> below(util::make_owned<fake::Stream>(pipe).take());
    auto opened = TlsStream::open({loop, none, store, now, detail}, std::move(below), "server.example");
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(&opened.failure(), &kTlsNoEntropy);
}

}  // namespace
}  // namespace net
