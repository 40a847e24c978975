#include "net/tls/tls_stream.h"

#include <platform/calling.h>

#include <algorithm>

#include "net/tls/algorithms.h"
#include "net/tls/tls_words.h"

namespace net {

using platform::library;

namespace {

// Of the whole handshake, which takes an old processor seconds.
constexpr util::Duration kPatience = util::Duration::seconds(60);

// ChaCha20 first: it needs no instructions for AES to be fast. RSA key exchange last, for old management controllers.
constexpr std::uint16_t kSuites[] = {
    BR_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, BR_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, BR_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    BR_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,         BR_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,     BR_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    BR_TLS_RSA_WITH_AES_128_GCM_SHA256,               BR_TLS_RSA_WITH_AES_256_GCM_SHA384,
};

constexpr std::size_t kSeed = 32;

}  // namespace

util::Result<util::Owned<TlsStream>> TlsStream::open(const Parts& parts, util::Owned<Stream> below, std::string_view host) {
    auto stream = TRY(util::make_owned<TlsStream>(parts, std::move(below)));
    TRY(stream->start(parts, host));
    parts.loop.add(*stream);
    return stream;
}

void TlsStream::choose_algorithms() {
    br_ssl_engine_context& engine = client_.eng;
    library(br_ssl_client_zero)(&client_);
    br_ssl_engine_set_versions(&engine, BR_TLS12, BR_TLS12);
    library(br_ssl_engine_set_suites)(&engine, kSuites, std::size(kSuites));
    br_ssl_engine_set_all_flags(&engine, BR_OPT_NO_RENEGOTIATION);
    for (const HashRow& row : kHashes) br_ssl_engine_set_hash(&engine, row.id, row.hash);
    br_ssl_engine_set_prf_sha256(&engine, br_tls12_sha256_prf);
    br_ssl_engine_set_prf_sha384(&engine, br_tls12_sha384_prf);
    br_ssl_client_set_rsapub(&client_, br_rsa_i31_public);
    br_ssl_engine_set_rsavrfy(&engine, kRsaVerify);
    br_ssl_engine_set_ec(&engine, &kCurves);
    br_ssl_engine_set_ecdsa(&engine, kEcdsaVerify);
    br_ssl_engine_set_gcm(&engine, &br_sslrec_in_gcm_vtable, &br_sslrec_out_gcm_vtable);
    br_ssl_engine_set_aes_ctr(&engine, &br_aes_ct_ctr_vtable);
    br_ssl_engine_set_ghash(&engine, br_ghash_ctmul32);
    br_ssl_engine_set_chapol(&engine, &br_sslrec_in_chapol_vtable, &br_sslrec_out_chapol_vtable);
    br_ssl_engine_set_chacha20(&engine, br_chacha20_ct_run);
    br_ssl_engine_set_poly1305(&engine, br_poly1305_ctmul32_run);
}

util::Result<void> TlsStream::start(const Parts& parts, std::string_view host) {
    choose_algorithms();
    TRY(collector_.set_host(host));
    br_ssl_engine_context& engine = client_.eng;
    br_ssl_engine_set_x509(&engine, collector_.handle());
    library(br_ssl_engine_set_buffers_bidi)(&engine, input_, sizeof input_, output_, sizeof output_);
    util::Buffer<kSeed> seed;
    parts.random.fill(seed);
    util::MutableBytes bytes = seed;
    if (std::ranges::count(bytes, bytes[0]) == static_cast<std::ptrdiff_t>(kSeed)) return kTlsNoEntropy;
    library(br_ssl_engine_inject_entropy)(&engine, bytes.data(), bytes.size());
    std::ranges::fill(bytes, std::byte{0});
    // Server name indication is for names (RFC 6066 section 3).
    util::Text<256> name;
    if (!Ipv4Address::parse(host)) name.text(host);
    name.character('\0');
    if (name.truncated() || !library(br_ssl_client_reset)(&client_, name.view().data(), 0)) return kTlsNoEntropy;
    deadline_ = parts.loop.now() + kPatience;
    return {};
}

Stream::State TlsStream::state() const {
    if (failure_) return State::Failed;
    if (is_closed_) return State::Closed;
    if (is_over_) return State::PeerClosed;
    return is_open_ ? State::Open : State::Connecting;
}

const util::Failure& TlsStream::failure() const {
    ASSERT(failure_);
    return *failure_;
}

std::size_t TlsStream::send_room() const {
    std::size_t room = 0;
    if (is_open_) library(br_ssl_engine_sendapp_buf)(&client_.eng, &room);
    return room;
}

std::size_t TlsStream::send(util::Bytes data) {
    std::size_t sent = 0;
    while (is_open_ && sent < data.size()) {
        std::size_t room = 0;
        unsigned char* buffer = library(br_ssl_engine_sendapp_buf)(&client_.eng, &room);
        if (!buffer || !room) break;
        std::size_t count = std::min(room, data.size() - sent);
        std::memcpy(buffer, data.data() + sent, count);
        library(br_ssl_engine_sendapp_ack)(&client_.eng, count);
        library(br_ssl_engine_flush)(&client_.eng, 0);
        sent += count;
        pump();
    }
    return sent;
}

util::Bytes TlsStream::peek() const {
    std::size_t size = 0;
    const unsigned char* buffer = library(br_ssl_engine_recvapp_buf)(&client_.eng, &size);
    if (!buffer) return {};
    return {reinterpret_cast<const std::byte*>(buffer), size};
}

void TlsStream::consume(std::size_t count) {
    ASSERT(count <= readable());
    if (count) library(br_ssl_engine_recvapp_ack)(&client_.eng, count);
    pump();
}

std::size_t TlsStream::receive(util::MutableBytes target) {
    std::size_t received = 0;
    while (received < target.size()) {
        util::Bytes arrived = peek();
        if (arrived.empty()) break;
        arrived = arrived.first(std::min(arrived.size(), target.size() - received));
        std::memcpy(target.data() + received, arrived.data(), arrived.size());
        received += arrived.size();
        consume(arrived.size());
    }
    return received;
}

void TlsStream::close() {
    if (!failure_ && is_open_) {
        library(br_ssl_engine_close)(&client_.eng);
        while (move_once()) {
        }
    }
    is_closed_ = true;
    unlink();
    below_->close();
}

void TlsStream::abort() {
    is_closed_ = true;
    unlink();
    below_->abort();
}

bool TlsStream::poll(util::Instant now) {
    if (failure_ || is_closed_) return false;
    State before = state();
    bool moved = pump();
    if (!failure_ && !is_open_ && now >= deadline_) fail(kTlsSilent);
    return moved || state() != before;
}

bool TlsStream::pump() {
    bool moved = false;
    while (!failure_ && !is_closed_ && move_once()) moved = true;
    if (!failure_ && !is_closed_) look_for_end();
    return moved;
}

// Records, as many as the other side takes and as are there.
bool TlsStream::move_once() {
    br_ssl_engine_context& engine = client_.eng;
    std::size_t size = 0, sent = 0, received = 0;
    if (below_->state() == State::Connecting) return false;
    if (unsigned char* record = library(br_ssl_engine_sendrec_buf)(&engine, &size)) {
        sent = below_->send({reinterpret_cast<std::byte*>(record), size});
        if (sent) library(br_ssl_engine_sendrec_ack)(&engine, sent);
    }
    if (unsigned char* record = library(br_ssl_engine_recvrec_buf)(&engine, &size)) {
        received = below_->receive({reinterpret_cast<std::byte*>(record), size});
        if (received && !first_) first_ = record[0];
        if (received) library(br_ssl_engine_recvrec_ack)(&engine, received);
    }
    return sent || received;
}

void TlsStream::look_for_end() {
    unsigned state = library(br_ssl_engine_current_state)(&client_.eng);
    if (state & (BR_SSL_SENDAPP | BR_SSL_RECVAPP)) is_open_ = true;
    if (state == BR_SSL_CLOSED) {
        auto error = static_cast<unsigned>(br_ssl_engine_last_error(&client_.eng));
        if (error) return fail_by_engine(error);
        if (!is_open_) return fail(kTlsClosed);
        is_over_ = true;
        return;
    }
    if (is_over_ || state & BR_SSL_RECVAPP) return;
    State below = below_->state();
    if (below == State::Failed) return fail(below_->failure());
    bool is_cut = (below == State::PeerClosed || below == State::Closed) && !below_->readable();
    if (is_cut) fail(is_open_ ? kTlsCut : kTlsClosed);
}

void TlsStream::fail(const util::Failure& failure) {
    failure_ = &failure;
    below_->abort();
}

void TlsStream::fail_by_engine(unsigned error) {
    if (collector_.failure() && !is_open_) return fail(*collector_.failure());
    // Other protocols look to the engine like other versions.
    constexpr unsigned char kAlert = 21, kHandshake = 22;
    if (first_ != kAlert && first_ != kHandshake) return fail(kTlsNonsense);
    if (!is_open_) explain_tls_error(error, detail_);
    fail(tls_failure(error));
}

}  // namespace net
