#include "net/tls/x509_collector.h"

#include <platform/calling.h>

namespace net {

struct X509Collector::Methods {
    static X509Collector& of(const br_x509_class* const* head) { return *reinterpret_cast<const Head*>(head)->collector; }

    PLATFORM_SYSTEM_V static void start_chain(const br_x509_class** head, const char*) {
        of(head).bytes_.clear();
        of(head).ends_.clear();
    }
    PLATFORM_SYSTEM_V static void start_cert(const br_x509_class**, std::uint32_t) {}
    PLATFORM_SYSTEM_V static void append(const br_x509_class** head, const unsigned char* bytes, std::size_t size) {
        of(head).take({reinterpret_cast<const std::byte*>(bytes), size});
    }
    PLATFORM_SYSTEM_V static void end_cert(const br_x509_class** head) {
        X509Collector& self = of(head);
        auto kept = self.ends_.size() < kMostCertificates ? self.ends_.push(self.bytes_.size()) : util::Result<void>(util::kTooLong);
        if (!kept.ok()) self.failure_ = &kept.failure();
    }
    PLATFORM_SYSTEM_V static unsigned end_chain(const br_x509_class** head) { return of(head).judge(); }
    PLATFORM_SYSTEM_V static const br_x509_pkey* get_pkey(const br_x509_class* const* head, unsigned* usages) {
        return of(head).check_.key(usages);
    }
};

X509Collector::X509Collector(const TrustStore& store, std::int64_t now, util::TextSink& detail)
    : head_{&methods_, this}, methods_{}, check_(store, now), detail_(detail) {
    platform::give(methods_.start_chain, Methods::start_chain);
    platform::give(methods_.start_cert, Methods::start_cert);
    platform::give(methods_.append, Methods::append);
    platform::give(methods_.end_cert, Methods::end_cert);
    platform::give(methods_.end_chain, Methods::end_chain);
    platform::give(methods_.get_pkey, Methods::get_pkey);
}

void X509Collector::take(util::Bytes bytes) {
    std::size_t old = bytes_.size();
    if (failure_) return;
    // By doubling, as it comes in many pieces.
    std::size_t wanted = old + bytes.size();
    auto grown = wanted > kMostBytes ? util::Result<void>(kBadCertificate) : bytes_.reserve(wanted <= 4096 ? 4096 : wanted <= 16384 ? 16384 : kMostBytes);
    if (grown.ok()) grown = bytes_.resize(wanted);
    if (!grown.ok()) {
        failure_ = &grown.failure();
        return;
    }
    if (!bytes.empty()) std::memcpy(bytes_.data() + old, bytes.data(), bytes.size());
}

// Anything but 0 ends the handshake.
unsigned X509Collector::judge() {
    if (!failure_) {
        util::Bytes chain[kMostCertificates];
        std::size_t begin = 0;
        for (std::size_t i = 0; i < ends_.size(); ++i) {
            chain[i] = util::Bytes(bytes_.span()).subspan(begin, ends_[i] - begin);
            begin = ends_[i];
        }
        auto checked = check_.check(std::span(chain, ends_.size()), Purpose::Server, host_.view(), detail_);
        if (checked.ok()) return 0;
        failure_ = &checked.failure();
    }
    if (failure_ == &kCertificateEarly || failure_ == &kCertificateExpired) return BR_ERR_X509_EXPIRED;
    return failure_ == &kCertificateUntrusted || failure_ == &kCertificateSelfSigned ? BR_ERR_X509_NOT_TRUSTED : BR_ERR_X509_INVALID_VALUE;
}

}  // namespace net
