#include "net/tls/pem.h"

#include "util/base64.h"
#include "util/text.h"

namespace net {

namespace {

constexpr std::string_view kBegin = "-----BEGIN ", kEnd = "-----END ", kDashes = "-----";
constexpr char kSequenceTag = 0x30;

// RFC 4648 section 4; blanks and line ends anywhere.
util::Result<void> append_base64(util::Vector<std::byte>& target, std::string_view text) {
    std::uint32_t bits = 0;
    unsigned digits = 0, padding = 0;
    TRY(target.reserve(text.size() / 4 * 3 + 3));
    for (char c : text) {
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
        int digit = util::base64_digit(c);
        if (c == '=') {
            ++padding;
            digit = 0;
        } else if (digit < 0 || padding) return kBadPem;
        bits = bits << 6 | static_cast<std::uint32_t>(digit);
        if (++digits % 4) continue;
        if (padding > 2) return kBadPem;
        for (unsigned i = 0; i < 3 - padding; ++i) TRY(target.push(static_cast<std::byte>(bits >> (16 - 8 * i))));
    }
    return digits % 4 ? util::Result<void>(kBadPem) : util::Result<void>();
}

}  // namespace

util::Result<bool> PemReader::next(std::string_view label, util::Vector<std::byte>& der) {
    der.clear();
    if (!is_started_) {
        is_started_ = true;
        is_der_ = !rest_.empty() && rest_[0] == kSequenceTag;
        if (is_der_) {
            TRY(der.resize(rest_.size()));
            std::memcpy(der.data(), rest_.data(), rest_.size());
            return true;
        }
    }
    if (is_der_) return false;
    for (;;) {
        std::size_t begin = rest_.find(kBegin);
        if (begin == rest_.npos) return false;
        rest_.remove_prefix(begin + kBegin.size());
        bool is_wanted = rest_.starts_with(label) && rest_.substr(label.size()).starts_with(kDashes);
        if (!is_wanted) continue;
        rest_.remove_prefix(label.size() + kDashes.size());
        std::size_t end = rest_.find(kEnd);
        if (end == rest_.npos) return kBadPem;
        TRY(append_base64(der, rest_.substr(0, end)));
        rest_.remove_prefix(end);
        return true;
    }
}

}  // namespace net
