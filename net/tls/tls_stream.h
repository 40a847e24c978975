// TLS 1.2 (RFC 5246) over a stream, as a client: BearSSL's engine between two of our streams. Polled like everything here; what a caller reads or
// sends moves at once what can be moved.
//
// What was read is whole only if the server has said goodbye (close_notify): a connection that ends without is Failed, not PeerClosed.
#pragma once

#include <bearssl/bearssl_ssl.h>

#include "net/random.h"
#include "net/stream.h"
#include "net/tls/x509_collector.h"
#include "util/loop.h"

namespace net {

inline constexpr util::Failure kTlsClosed{util::code::kFetch + 81, "the server has closed the connection instead of agreeing on TLS"};
inline constexpr util::Failure kTlsCut{util::code::kFetch + 82, "the encrypted connection was cut: what came may not be all"};
inline constexpr util::Failure kTlsAlert{util::code::kFetch + 83, "the server does not want this TLS connection"};
inline constexpr util::Failure kTlsDifferent{util::code::kFetch + 84, "the server and this firmware have no kind of TLS in common"};
inline constexpr util::Failure kTlsNonsense{util::code::kFetch + 85, "the server does not speak TLS, or not as it should"};
inline constexpr util::Failure kTlsDamaged{util::code::kFetch + 86, "encrypted data was damaged on its way"};
inline constexpr util::Failure kTlsSilent{util::code::kFetch + 87, "the server has not agreed on TLS in time"};
inline constexpr util::Failure kTlsNoEntropy{util::code::kFetch + 88, "this machine has no random numbers, which TLS needs"};

class TlsStream final : public Stream, public util::Poller {
  public:
    struct Parts {
        util::Loop& loop;
        Random& random;
        const TrustStore& store;
        std::int64_t now;       // seconds since 1970, for certificates
        util::TextSink& detail;  // written until the handshake is over: names, dates, what an alert is called
    };
    // The stream is in State::Connecting until the server has proved who it is. Failure: kTlsNoEntropy, out of memory.
    static util::Result<util::Owned<TlsStream>> open(const Parts& parts, util::Owned<Stream> below, std::string_view host);

    State state() const override;
    const util::Failure& failure() const override;
    std::size_t send(util::Bytes data) override;
    std::size_t send_room() const override;
    util::Bytes peek() const override;
    void consume(std::size_t count) override;
    std::size_t receive(util::MutableBytes target) override;
    std::size_t readable() const override { return peek().size(); }
    void close() override;
    void abort() override;

    bool poll(util::Instant now) override;
    util::Instant poll_at() const override { return is_open_ || failure_ ? util::Instant::never() : deadline_; }

  private:
    template <class T, class... Args>
    friend util::Result<util::Owned<T>> util::make_owned(Args&&... args);
    TlsStream(const Parts& parts, util::Owned<Stream> below)
        : below_(std::move(below)), detail_(parts.detail), collector_(parts.store, parts.now, parts.detail) {}
    util::Result<void> start(const Parts& parts, std::string_view host);
    void choose_algorithms();
    bool pump();
    bool move_once();
    void look_for_end();
    void fail(const util::Failure& failure);
    void fail_by_engine(unsigned error);

    // A record, and what a request needs: RFC 5246 section 6.2.1.
    static constexpr std::size_t kInputSize = BR_SSL_BUFSIZE_INPUT, kOutputSize = 8192 + 85;
    util::Owned<Stream> below_;
    util::TextSink& detail_;
    X509Collector collector_;
    const util::Failure* failure_ = nullptr;
    bool is_open_ = false;    // the handshake is over
    bool is_over_ = false;    // the server has said goodbye
    bool is_closed_ = false;  // by us
    unsigned char first_ = 0;  // byte that the server has sent
    util::Instant deadline_;
    br_ssl_client_context client_;
    unsigned char input_[kInputSize], output_[kOutputSize];
};

}  // namespace net
