// TLS against servers that say anything. The first byte chooses: a connection that gets the rest as it is; one whose server shows the rest as its
// certificates, with lengths of two bytes in front of each; the rest as a file of certificates for the store; or as a signature.
#include <cstdint>

#include "net/tls/cms.h"
#include "net/tls/tls_stream.h"
#include "tests/host/host.h"
#include "tests/unit/net/certificates.h"
#include "tests/unit/net/datagram_fake.h"
#include "tests/unit/san/fake_stream.h"

namespace {

constexpr std::int64_t kNow = 1'796'000'000;

void connect(const net::TrustStore& store, util::Bytes input) {
    util::Loop loop;
    net::CountingRandom random;
    util::Text<200> detail;
    auto pipe = std::make_shared<fake::Pipe>();
    auto stream = net::TlsStream::open({loop, random, store, kNow, detail}, util::Owned<net::Stream>(util::make_owned<fake::Stream>(pipe).take()), "server.example").take();
    while (!input.empty()) {
        std::size_t count = std::min<std::size_t>(input.size(), 1 + static_cast<std::size_t>(input[0]));
        pipe->to_client += util::as_text(input.first(count));
        input = input.subspan(count);
        while (loop.poll_once()) {
        }
        ASSERT(stream->peek().empty());  // nobody has proved anything
    }
    pipe->server_closed = true;
    while (loop.poll_once()) {
    }
    ASSERT(stream->state() == net::Stream::State::Failed);
}

void check(const net::TrustStore& store, util::Bytes input) {
    util::Vector<util::Bytes> chain;
    util::Reader reader(input);
    while (reader.remaining() && chain.size() < 12) {
        std::size_t length = reader.be16();
        (void)chain.push(reader.bytes(std::min(length, reader.remaining())));
    }
    net::CertificateCheck check(store, kNow);
    util::Text<200> detail;
    (void)check.check(chain.span(), net::Purpose::Server, "server.example", detail);
    (void)check.check(chain.span(), net::Purpose::CodeSigning, {}, detail);
}

class Content final : public net::SignedContent {
  public:
    explicit Content(std::string_view text) : text_(text) {}
    util::Result<void> hash(util::Hash& hash) override {
        hash.update(util::as_bytes(text_));
        return {};
    }

  private:
    std::string_view text_;
};

// Certificates and signatures of "content" that others have made may be moved about, but nobody here can sign anything else.
void verify(const net::TrustStore& store, util::Bytes input) {
    Content content("content"), other("other");
    util::Text<200> detail;
    (void)net::verify_signature(input, content, {store, kNow, {}}, detail);
    ASSERT(!net::verify_signature(input, other, {store, kNow, {}}, detail).ok());
    ASSERT(!net::verify_signature(input, content, {store, kNow, "nobody"}, detail).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    host::reset();
    net::TrustStore store;
    ASSERT(store.add(util::as_bytes(certificates::root), net::Trust::Trusted).ok());
    ASSERT(store.add(util::as_bytes(certificates::authority), net::Trust::Trusted).ok());
    if (!size) return 0;
    util::Bytes rest(reinterpret_cast<const std::byte*>(data + 1), size - 1);
    if (data[0] % 4 == 0) connect(store, rest);
    if (data[0] % 4 == 1) check(store, rest);
    if (data[0] % 4 == 2 && store.add(rest, net::Trust::Trusted, "server.example").ok()) check(store, rest);
    if (data[0] % 4 == 3) verify(store, rest);
    return 0;
}
