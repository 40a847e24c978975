// A TLS server in memory: BearSSL's own server engine at the other end of a fake::Pipe.
#pragma once

#include <bearssl/bearssl.h>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "net/tls/pem.h"
#include "tests/unit/net/certificates.h"
#include "tests/unit/san/fake_stream.h"
#include "util/loop.h"

namespace fake {

inline std::vector<unsigned char> pem_to_der(const char* pem, std::string_view label) {
    net::PemReader reader(util::as_bytes(pem));
    util::Vector<std::byte> der;
    if (!reader.next(label, der).value()) std::abort();
    auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
    return {bytes, bytes + der.size()};
}

class TlsServer final : public util::Poller {
  public:
    // With that key, and showing those certificates, its own first.
    TlsServer(std::shared_ptr<Pipe> pipe, const char* key, std::vector<const char*> chain) : pipe_(std::move(pipe)) {
        for (const char* pem : chain) certificates_.push_back(pem_to_der(pem, "CERTIFICATE"));
        for (auto& der : certificates_) chain_.push_back({der.data(), der.size()});
        bool is_rsa = std::string_view(key).find("BEGIN RSA") != std::string_view::npos || std::string_view(key).find("BEGIN PRIVATE") != std::string_view::npos;
        auto der = pem_to_der(key, is_rsa ? (std::strstr(key, "BEGIN RSA") ? "RSA PRIVATE KEY" : "PRIVATE KEY") : "EC PRIVATE KEY");
        br_skey_decoder_init(&key_);
        br_skey_decoder_push(&key_, der.data(), der.size());
        if (br_skey_decoder_last_error(&key_)) std::abort();
        if (is_rsa) br_ssl_server_init_full_rsa(&server_, chain_.data(), chain_.size(), br_skey_decoder_get_rsa(&key_));
        else br_ssl_server_init_full_ec(&server_, chain_.data(), chain_.size(), BR_KEYTYPE_EC, br_skey_decoder_get_ec(&key_));
        br_ssl_engine_set_buffer(&server_.eng, buffer_.data(), buffer_.size(), 1);
    }
    br_ssl_server_context& context() { return server_; }
    void start() {
        unsigned char seed[32] = {1, 2, 3};
        br_ssl_engine_inject_entropy(&server_.eng, seed, sizeof seed);
        br_ssl_server_reset(&server_);
        started_ = true;
    }
    std::string received, to_send;
    bool says_goodbye = false;  // once everything is sent
    std::size_t flush_after = SIZE_MAX;  // so many bytes make a record
    bool is_open() { return br_ssl_engine_current_state(&server_.eng) & BR_SSL_SENDAPP; }
    int error() { return br_ssl_engine_last_error(&server_.eng); }
    std::string name() { return br_ssl_engine_get_server_name(&server_.eng); }

    bool poll(util::Instant) override {
        if (!started_) start();
        bool moved = false;
        std::size_t size;
        while (step(size)) moved = true;
        return moved;
    }

  private:
    bool step(std::size_t& size) {
        br_ssl_engine_context* engine = &server_.eng;
        if (unsigned char* record = br_ssl_engine_sendrec_buf(engine, &size)) {
            pipe_->to_client.append(reinterpret_cast<char*>(record), size);
            br_ssl_engine_sendrec_ack(engine, size);
            return true;
        }
        if (unsigned char* data = br_ssl_engine_recvapp_buf(engine, &size)) {
            received.append(reinterpret_cast<char*>(data), size);
            br_ssl_engine_recvapp_ack(engine, size);
            return true;
        }
        if (unsigned char* record = br_ssl_engine_recvrec_buf(engine, &size); record && !pipe_->to_server.empty()) {
            size = std::min(size, pipe_->to_server.size());
            std::memcpy(record, pipe_->to_server.data(), size);
            pipe_->to_server.erase(0, size);
            br_ssl_engine_recvrec_ack(engine, size);
            return true;
        }
        if (unsigned char* data = br_ssl_engine_sendapp_buf(engine, &size); data && !to_send.empty()) {
            size = std::min({size, to_send.size(), flush_after});
            std::memcpy(data, to_send.data(), size);
            to_send.erase(0, size);
            br_ssl_engine_sendapp_ack(engine, size);
            br_ssl_engine_flush(engine, 0);
            return true;
        }
        if (says_goodbye && to_send.empty() && is_open()) {
            br_ssl_engine_close(engine);
            says_goodbye = false;
            return true;
        }
        return false;
    }

    std::shared_ptr<Pipe> pipe_;
    std::vector<std::vector<unsigned char>> certificates_;
    std::vector<br_x509_certificate> chain_;
    br_skey_decoder_context key_;
    br_ssl_server_context server_;
    std::vector<unsigned char> buffer_ = std::vector<unsigned char>(BR_SSL_BUFSIZE_BIDI);
    bool started_ = false;
};

}  // namespace fake
